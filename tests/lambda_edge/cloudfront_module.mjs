// Stands in for the module "cloudfront" of CloudFront Functions: it has the one helper, takes what the documentation
// lists and nothing else, and fails where a test says so.
const names = (given) => Object.keys(given).sort().join();

function createRequestOriginGroup(given) {
    const { calls, fails } = globalThis.world;
    calls.push(JSON.parse(JSON.stringify(given)));
    if (fails !== null) {
        throw fails === 'Error' ? new Error('no such origin') : fails;
    }
    const members = given.originIds;
    const codes = given.failoverCriteria.statusCodes;
    if (
        names(given) !== 'failoverCriteria,originIds' ||
        names(given.failoverCriteria) !== 'statusCodes' ||
        members.length !== 2 ||
        !members.every((member) => names(member) === 'originId' && typeof member.originId === 'string') ||
        !codes.length ||
        !codes.every(Number.isInteger)
    ) {
        throw new TypeError('createRequestOriginGroup: ' + JSON.stringify(given));
    }
}

export default { createRequestOriginGroup };
