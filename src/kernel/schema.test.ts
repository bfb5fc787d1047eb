// The migrations make exactly the schema that is checked in, on every version of PostgreSQL. After a new migration: `vitest run src/kernel/schema.test.ts --update`.
import { expect, test } from 'vitest';
import { openTestApp } from '../server/app.fixtures.ts';
import { dumpSchema } from './schema.ts';

const app = await openTestApp();

test('the schema is the one checked in', async () => {
  await expect(await dumpSchema(app.admin)).toMatchFileSnapshot('../../migrations/schema.sql');
});
