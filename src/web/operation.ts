// Writing from a screen: one id per intended entry, kept for retries, and refusals brought to the form.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormInstance } from 'antd';
import { useRef } from 'react';
import { uuidv7 } from 'uuidv7';
import { isKeptOut, RefusedRequest, toFieldErrors } from './problem.ts';

interface OperationOptions<O> {
  /** Its fields are marked with what a refusal says about them. */
  readonly form?: FormInstance;
  readonly onDone?: (output: O) => void;
}

interface OperationState<I, O> {
  /** Sends the write; resolves to undefined when it was refused or failed (then `problem` says why). */
  readonly run: (input: I) => Promise<O | undefined>;
  readonly busy: boolean;
  readonly problem: Error | undefined;
  readonly clear: () => void;
}

interface Attempt {
  readonly input: string;
  readonly id: string;
}

/**
 * The id of the entry that this input means: the same input sent again is the same entry, so a lost answer never writes twice; a changed
 * input is another entry, so a late answer to the first one never hides the change.
 */
export const nextAttempt = (last: Attempt | undefined, input: unknown, makeId: () => string = uuidv7): Attempt => {
  const text = JSON.stringify(input);
  return last?.input === text ? last : { input: text, id: makeId() };
};

/** `const record = useOperation(client.session.record, { form, onDone })`; then `record.run(values)` without an id. */
export const useOperation = <I extends { id: string }, O>(
  call: (input: I) => Promise<O>,
  { form, onDone }: OperationOptions<O> = {},
): OperationState<Omit<I, 'id'>, O> => {
  const queries = useQueryClient();
  const attempt = useRef<Attempt>(undefined);
  const mutation = useMutation<O, Error, I>({ mutationFn: (input) => call(input) });

  const run = async (input: Omit<I, 'id'>): Promise<O | undefined> => {
    attempt.current = nextAttempt(attempt.current, input);
    try {
      const output = await mutation.mutateAsync({ ...input, id: attempt.current.id } as I);
      attempt.current = undefined;
      // Any figure or list may have moved with the write.
      void queries.invalidateQueries();
      onDone?.(output);
      return output;
    } catch (error) {
      if (isKeptOut(error)) void queries.invalidateQueries({ queryKey: ['me'] });
      if (error instanceof RefusedRequest && form !== undefined) form.setFields(toFieldErrors(error.fields));
      return undefined;
    }
  };
  return { run, busy: mutation.isPending, problem: mutation.error ?? undefined, clear: mutation.reset };
};
