// The menu's mark: which entry an address belongs to.
import { expect, test } from 'vitest';
import { selectedPath } from './menu.tsx';

test('an address belongs to the longest menu path above it, and only the home page to /', () => {
  const paths = ['/', '/persons', '/persons/census', '/sites'];
  expect(selectedPath(paths, '/')).toBe('/');
  expect(selectedPath(paths, '/persons/0190')).toBe('/persons');
  expect(selectedPath(paths, '/persons/census/7')).toBe('/persons/census');
  expect(selectedPath(paths, '/personsx')).toBeUndefined();
});
