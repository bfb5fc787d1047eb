// What the log says of a fault: where it happened and why, never whom the work was about.

/** SQLSTATE 22: PostgreSQL repeats the value that it cannot take. */
const quotesValue = (error: Error & { code?: unknown }): boolean =>
  error instanceof SyntaxError || (typeof error.code === 'string' && error.code.startsWith('22'));

const framesOf = ({ stack = '' }: Error): string => {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length === 0 ? '' : `\n${frames.join('\n')}`;
};

/**
 * Name, message and trace of an error and of what caused it. The other properties of a database's error repeat the row, and the
 * messages of some errors the value or the text that could not be read: these are told by their code alone.
 */
export const describeFault = (error: unknown): string => {
  if (!(error instanceof Error)) return typeof error === 'object' ? 'a fault that is no error' : String(error);
  const { code } = error as { code?: unknown };
  const said = quotesValue(error) ? `the message is left out, it may quote data (${code ?? 'JSON'})` : error.message;
  const cause = error.cause === undefined ? '' : `\n  原因：${describeFault(error.cause)}`;
  return `${error.name}: ${said}${framesOf(error)}${cause}`;
};
