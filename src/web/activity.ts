// Tells the server that somebody is at work, so that a session is not ended while a long form is filled in.
import { useEffect } from 'react';
import { postJson } from './client.ts';

const tellEveryMs = 5 * 60_000;

/** Keys and touches count, time does not: a screen that is left alone ends its session. */
export const useActivity = (): void => {
  useEffect(() => {
    let told = Date.now();
    const note = () => {
      if (Date.now() - told < tellEveryMs) return;
      told = Date.now();
      // Whatever is wrong, the next request of the page says it.
      postJson('/api/auth/active', {}).catch(() => undefined);
    };
    addEventListener('keydown', note);
    addEventListener('pointerdown', note);
    return () => {
      removeEventListener('keydown', note);
      removeEventListener('pointerdown', note);
    };
  }, []);
};
