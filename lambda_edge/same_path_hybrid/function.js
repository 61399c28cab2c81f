import cf from 'cloudfront';

// A CloudFront function at viewer request, on paths that are both read and written: GET and HEAD go through an origin
// group of their own, and all else goes where the behavior says. The synth puts the group in.
const group = ORIGIN_GROUP;

function handler(event) {
    let request;
    try {
        request = event.request;
        if (request.method === 'GET' || request.method === 'HEAD') {
            cf.createRequestOriginGroup(group);
        }
    } catch (error) {
        // A request without failover is better than what an error in here would be to the viewer: a 503.
        console.log(JSON.stringify({ event: 'read-without-failover', error: String(error) }));
    }
    return request;
}
