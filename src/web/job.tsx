// Progress of a background job, told by server-sent events.
import { Progress } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ProblemAlert } from './message.tsx';

export const JobEvent = z.object({
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  done: z.int().nonnegative(),
  /** Null: not known yet. */
  total: z.int().nonnegative().nullable(),
  /** What is being done, or why it was not finished. */
  note: z.string().optional(),
  result: z.unknown().optional(),
});
export type JobEvent = z.infer<typeof JobEvent>;

const reconnectAfterMs = 2000;

/** The job's last event. The browser reconnects by itself after a cut; after an answer that is not a stream we do. */
export const useJob = (job: string | undefined): { event: JobEvent | undefined; connected: boolean } => {
  const [event, setEvent] = useState<JobEvent>();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    setEvent(undefined);
    if (job === undefined) return;
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const connect = () => {
      source = new EventSource(`/api/jobs/${encodeURIComponent(job)}/events`);
      source.onopen = () => setConnected(true);
      source.onmessage = ({ data }: MessageEvent<string>) => {
        const next = JobEvent.parse(JSON.parse(data));
        setEvent(next);
        if (next.state === 'done' || next.state === 'failed') source?.close();
      };
      source.onerror = () => {
        setConnected(false);
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, reconnectAfterMs);
      };
    };
    connect();
    return () => {
      clearTimeout(timer);
      source?.close();
    };
  }, [job]);
  return { event, connected };
};

interface JobProgressProps {
  readonly job: string;
  /** Once, with the job's result. */
  readonly onDone?: (result: unknown) => void;
}

export const JobProgress = ({ job, onDone }: JobProgressProps) => {
  const { t } = useTranslation();
  const { event, connected } = useJob(job);
  const finished = event?.state === 'done';
  // biome-ignore lint/correctness/useExhaustiveDependencies: once when it finishes, not whenever the caller's function is made anew
  useEffect(() => {
    if (finished) onDone?.(event.result);
  }, [finished]);
  const { state = 'waiting', done = 0, total = null, note } = event ?? {};
  if (state === 'failed') return <ProblemAlert problem={new Error(note ?? t('job.failed'))} />;
  const percent = finished ? 100 : total === null || total === 0 ? 0 : Math.floor((done / total) * 100);
  const count = total === null ? '' : t('job.count', { done, total });
  return (
    <div role="status" aria-live="polite">
      <Progress percent={percent} status={finished ? 'success' : 'active'} aria-label={note ?? t(`job.${state}`)} />
      <span className="kt-quiet">
        {connected ? [note ?? t(`job.${state}`), count].filter(Boolean).join(' · ') : t('job.reconnecting')}
      </span>
    </div>
  );
};
