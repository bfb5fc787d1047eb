// JSON with sorted keys and no undefined: equal values give equal text, so that hashes hold across a round trip through jsonb.

const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([k, v]) => [k, ordered(v)]));
};

/** Text of a JSON value in one form only (RFC 8785 in spirit; numbers are JavaScript's). */
export const canonicalJson = (value: unknown): string => JSON.stringify(ordered(value));
