// Calls the function beside it with each event of standard input, and writes what came of each.
import { readFileSync } from 'node:fs';
import { handler } from './function.mjs';

const outcomes = [];
for (const { event, fails } of JSON.parse(readFileSync(0, 'utf-8'))) {
    const world = { calls: [], fails };
    const logs = [];
    globalThis.world = world;
    console.log = (line, ...others) => logs.push([line, ...others]);
    const outcome = { calls: world.calls, logs, raised: null, returned: null };
    try {
        const returned = handler(event);
        outcome.returned = returned === undefined ? null : returned;
    } catch (error) {
        outcome.raised = String(error);
    }
    outcomes.push(outcome);
}
process.stdout.write(JSON.stringify(outcomes));
