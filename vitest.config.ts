import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'demo/**/*.test.ts', 'e2e/**/*.test.ts'],
    globalSetup: ['src/server/database-for-tests.ts'],
    maxWorkers: 2,
    testTimeout: process.env.KANGTU_DEEP ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
  },
});
