// The server of the crash tests, in a process of its own that only a signal or the end of its parent ends: `node crash-server.ts FOLDER`.
import { startServer } from '../src/server/start.ts';

const server = await startServer({
  folder: process.argv[2],
  url: '',
  port: 0,
  host: '127.0.0.1',
  demo: false,
  web: false,
});
const stop = (): void => void server.stop().then(() => process.exit(0));
process.on('SIGTERM', stop);
// A test run that is broken off leaves nothing behind.
process.stdin.on('end', stop).resume();
console.log(`at ${server.address}`);
