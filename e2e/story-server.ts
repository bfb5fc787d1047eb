// The server of the browser story in a process of its own, which has no way out of this machine: `node --import no-outside.ts story-server.ts FOLDER`.
import { startServer } from '../src/server/start.ts';

// Its own engine also where the other tests use another server: the roles of an installation belong to a whole server.
const server = await startServer({ url: '', folder: process.argv[2], port: 0, host: '127.0.0.1', demo: true });
const stop = (): void => void server.stop().then(() => process.exit(0));
process.on('SIGTERM', stop);
// A test run that is broken off leaves nothing behind.
process.stdin.on('end', stop).resume();
console.log(`at ${server.address}`);
