import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'e2e/**/*.test.ts'],
    globalSetup: ['src/server/database-for-tests.ts'],
    maxWorkers: 2,
    // Importing the whole server once for each file is what the run would spend a quarter of its time on.
    isolate: false,
    testTimeout: process.env.KANGTU_DEEP ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
  },
});
