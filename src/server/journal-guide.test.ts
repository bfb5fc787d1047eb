import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { journalGuide } from './journal-guide.ts';
import { journal } from './slices.ts';

test('docs/journal.md says what the journal says (npm run guide)', () => {
  expect(readFileSync(new URL('../../docs/journal.md', import.meta.url), 'utf8')).toBe(journalGuide(journal));
});
