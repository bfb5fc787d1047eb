// Screening of one person: each criterion with its fact, day, source and clause; what is not known is filled in on the spot.
import './person.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { Alert, App, Button, Collapse } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { DayInput } from '../web/form.tsx';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { Outcome } from '../web/parts.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { FactForm } from './fact-form.web.tsx';
import { nameOfStage } from './file.ts';
import { FindingText, outcomeLooks } from './finding.web.tsx';
import type { FindingView, ScreeningView } from './screening.ts';

const Path = z.object({ person: z.uuid() });
const Query = z.object({ on: Day.optional() });

interface FindingProps {
  readonly finding: FindingView;
  readonly person: string;
  readonly fillable: boolean;
  /** The first that is missing stands open. */
  readonly open: boolean;
}

const Finding = ({ finding, person, fillable, open }: FindingProps) => {
  const { t } = useTranslation('person');
  return (
    <li className="kt-finding">
      <FindingText finding={finding} level="h2" />
      {fillable && finding.needs.length > 0 && (
        <Collapse
          // Opens also when it becomes the first, after the one before was filled in.
          key={String(open)}
          defaultActiveKey={open ? finding.needs.slice(0, 1) : []}
          items={finding.needs.map((kind) => ({
            key: kind,
            label: t('screening.fill', { fact: t(`fact.kind.${kind}`) }),
            children: <FactForm person={person} kind={kind} />,
          }))}
        />
      )}
    </li>
  );
};

const Newest = ({ newest }: Pick<ScreeningView, 'newest'>) => {
  const { t } = useTranslation('person');
  if (newest === null) return <p className="kt-quiet">{t('screening.newestNone')}</p>;
  return (
    <p>
      {t('screening.newest')} <time dateTime={newest.on}>{newest.on}</time>{' '}
      <Outcome outcome={outcomeLooks[newest.outcome]} text={t(`outcome.${newest.outcome}`)} />{' '}
      <span className="kt-quiet">{t('screening.pack', { pack: newest.pack, version: newest.version })}</span>
    </p>
  );
};

/** The screening says what is recorded already, on the day shown: then the next thing is the application. */
const isRecorded = ({ newest, on, outcome }: ScreeningView): boolean =>
  newest !== null && newest.on === on && newest.outcome === outcome;

const ScreeningPage = () => {
  const { t } = useTranslation('person');
  const { message } = App.useApp();
  const { role, clock } = useMe();
  const { person } = usePathParams(Path);
  const [{ on = clock.today }, change] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.screening.preview.queryOptions({ input: { person, on } }));
  const record = useOperation(client.screening.record, {
    onDone: ({ outcome }) => void message.success(t('screening.recorded', { outcome: t(`outcome.${outcome}`) })),
  });
  const may = data.mayRecord && (role === 'civilAffairs' || role === 'health');
  const recorded = isRecorded(data);
  const lapsedDays = [...new Set(data.findings.flatMap(({ pack }) => pack.endedOn ?? []))];
  const firstMissing = data.findings.find(({ needs }) => needs.length > 0);
  const action = !may ? (
    <ButtonLink path={`/persons/${person}`}>{t('screening.file')}</ButtonLink>
  ) : !recorded ? (
    <Button
      type={data.outcome === 'unknown' ? 'default' : 'primary'}
      loading={record.busy}
      onClick={() => void record.run({ person, on })}
    >
      {t('screening.record')}
    </Button>
  ) : data.outcome === 'eligible' && data.stage === 'listed' ? (
    <ButtonLink type="primary" path="/applications/new" search={{ person }}>
      {t('screening.apply')}
    </ButtonLink>
  ) : (
    <ButtonLink type={data.outcome === 'unknown' ? 'default' : 'primary'} path={`/persons/${person}`}>
      {t('screening.file')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead
        title={t('screening.of', { name: data.name })}
        intro={t('screening.intro', { on: data.on })}
        action={action}
      />
      <ProblemAlert problem={record.problem} />
      {!data.mayRecord && (
        <Alert type="info" showIcon title={t('screening.notNow', { stage: nameOfStage(data.stage) })} />
      )}
      <div className="kt-verdict" role="status">
        <strong>{t('screening.outcome')}</strong>{' '}
        <Outcome outcome={outcomeLooks[data.outcome]} text={t(`outcome.${data.outcome}`)} />
        <label className="kt-no-print" htmlFor="screening-on">
          {t('screening.on')}{' '}
          <DayInput id="screening-on" value={on} notAfter={clock.today} onChange={(day) => change({ on: day })} />
        </label>
        <span className="kt-quiet">{t('screening.pack', { pack: data.pack.id, version: data.pack.version })}</span>
        {lapsedDays.map((day) => (
          <Lapsed key={day} endedOn={day} />
        ))}
      </div>
      <ul className="kt-findings">
        {data.findings.map((finding) => (
          <Finding
            key={finding.rule}
            finding={finding}
            person={person}
            fillable={on === clock.today}
            open={finding === firstMissing}
          />
        ))}
      </ul>
      <Newest newest={data.newest} />
      <p className="kt-no-print">
        <ButtonLink path="/screening/compare" search={{ person, on }}>
          {t('compare.link')}
        </ButtonLink>
      </p>
    </>
  );
};
export default ScreeningPage;
