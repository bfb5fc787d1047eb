// What a screen says when a request was refused or failed, or a page cannot be shown.
import { Alert, Button, Result, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ClauseChips } from './clause.tsx';
import { ButtonLink } from './link.tsx';
import { usePageTitle } from './page-head.tsx';
import { FailedRequest, RefusedRequest } from './problem.ts';

const useProblemText = (problem: Error): string => {
  const { t } = useTranslation();
  if (problem instanceof RefusedRequest) return problem.message;
  if (problem instanceof FailedRequest)
    return problem.told ?? t(problem.status === undefined ? 'error.unreached' : 'error.failed');
  return t('error.bug');
};

const requestIdOf = (problem: Error): string | undefined =>
  problem instanceof RefusedRequest || problem instanceof FailedRequest ? problem.requestId : undefined;

/** How a form shows what a refusal says of the field at a path. */
type RenderField = (path: string, text: string) => ReactNode;

const ProblemDetail = ({ problem, renderField }: { problem: Error; renderField: RenderField | undefined }) => {
  const { t } = useTranslation();
  const id = requestIdOf(problem);
  const fields = problem instanceof RefusedRequest ? Object.entries(problem.fields) : [];
  return (
    <>
      {fields.length > 0 && (
        <ul className="kt-list">
          {fields.map(([path, text]) => (
            <li key={path}>{renderField?.(path, text) ?? text}</li>
          ))}
        </ul>
      )}
      {problem instanceof RefusedRequest && <ClauseChips ids={problem.cites} />}
      {id !== undefined && !(problem instanceof RefusedRequest) && (
        <Typography.Text type="secondary" copyable={{ text: id }}>
          {t('error.requestId', { id })}
        </Typography.Text>
      )}
      {id === undefined && !(problem instanceof RefusedRequest) && !(problem instanceof FailedRequest) && (
        <Typography.Text code>{problem.message}</Typography.Text>
      )}
    </>
  );
};

interface ShownProblemProps {
  readonly problem: Error;
  readonly onRetry?: () => void;
  /** Absent: the text alone. */
  readonly renderField?: RenderField;
}

/** A refusal or failure beside the thing it is about: what is wrong, which fields, which clauses, and the request id of a failure. */
export const ProblemAlert = ({
  problem,
  ...rest
}: Omit<ShownProblemProps, 'problem'> & { problem: Error | undefined }) =>
  problem === undefined ? null : <ShownProblem problem={problem} {...rest} />;

const ShownProblem = ({ problem, onRetry, renderField }: ShownProblemProps) => {
  const { t } = useTranslation();
  const text = useProblemText(problem);
  return (
    <Alert
      role="alert"
      className="kt-problem"
      type={problem instanceof RefusedRequest ? 'warning' : 'error'}
      showIcon
      title={text}
      description={<ProblemDetail problem={problem} renderField={renderField} />}
      action={
        onRetry !== undefined && (
          <Button size="small" onClick={onRetry}>
            {t('error.retry')}
          </Button>
        )
      }
    />
  );
};

/** A whole page in place of one that could not be shown. */
export const ProblemPage = ({ problem, onRetry }: { problem: Error; onRetry: () => void }) => {
  const { t } = useTranslation();
  usePageTitle(t('error.title'));
  return (
    <section className="kt-page">
      <Typography.Title level={1}>{t('error.title')}</Typography.Title>
      <ProblemAlert problem={problem} onRetry={onRetry} />
    </section>
  );
};

const PlainResult = ({ status, title, text }: { status: '403' | '404'; title: string; text: string }) => {
  const { t } = useTranslation();
  usePageTitle(title);
  return (
    <Result
      status={status}
      title={<h1 className="kt-result-title">{title}</h1>}
      subTitle={text}
      extra={
        <ButtonLink path="/" type="primary">
          {t('error.home')}
        </ButtonLink>
      }
    />
  );
};

export const NotFoundPage = () => {
  const { t } = useTranslation();
  return <PlainResult status="404" title={t('error.notFoundTitle')} text={t('error.notFound')} />;
};

export const NoAccessPage = () => {
  const { t } = useTranslation();
  return <PlainResult status="403" title={t('error.noAccessTitle')} text={t('error.noAccess')} />;
};
