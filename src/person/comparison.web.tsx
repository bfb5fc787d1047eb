// One person's facts under each place's criteria, side by side: those of a file, or typed in without saying who it is.
import './person.css';
import { useMutation, useSuspenseQuery } from '@tanstack/react-query';
import { Alert, Tag } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink } from '../web/link.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { Outcome } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { Comparison, PlaceView } from './comparison.ts';
import { FindingText, outcomeLooks } from './finding.web.tsx';
import { TriedForm } from './tried-form.web.tsx';

const Query = z.object({ person: z.uuid().optional(), on: Day.optional() });

/** What the places say on each fact on which they differ. */
const Differences = ({ differences, places }: Comparison) => {
  const { t } = useTranslation('person');
  if (differences.length === 0) return <p>{t('compare.alike')}</p>;
  return (
    <section className="kt-section">
      <h2>{t('compare.differences')}</h2>
      <ul className="kt-differences">
        {differences.map(({ fact, outcomes }) => (
          <li key={fact}>
            <strong>{t(`fact.kind.${fact}`)}</strong>
            <span>
              {places.map(({ area, name, outcome }, i) => {
                const judged = outcomes[i] ?? null;
                if (outcome === null) return null;
                return (
                  <span key={area}>
                    {name} {judged === null ? <Tag>{t('compare.notAsked')}</Tag> : <Outcome outcome={judged} />}
                  </span>
                );
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Place = ({ place }: { place: PlaceView }) => {
  const { t } = useTranslation('person');
  const { outcome, pack } = place;
  return (
    <section className="kt-section kt-place" aria-label={place.name}>
      <h2>
        {place.name} {place.own && <Tag color="processing">{t('compare.own')}</Tag>}
      </h2>
      <p>
        {outcome === null ? (
          <Tag>{t('compare.notYet', { from: place.from })}</Tag>
        ) : (
          <Outcome outcome={outcomeLooks[outcome]} text={t(`outcome.${outcome}`)} />
        )}
      </p>
      <p className="kt-quiet">
        {place.document}
        {pack && `（${t('screening.pack', { pack: pack.id, version: pack.version })}）`}
        <Lapsed endedOn={pack?.endedOn} />
      </p>
      <ul className="kt-findings">
        {place.findings.map((finding) => (
          <li key={finding.rule} className={finding.differs ? 'kt-finding kt-differs' : 'kt-finding'}>
            <FindingText finding={finding} level="h3" />
            {finding.tiedTo !== null && <p className="kt-quiet">{t('compare.tiedTo', { place: finding.tiedTo })}</p>}
            {finding.differs && <Tag color="purple">{t('compare.differs')}</Tag>}
          </li>
        ))}
      </ul>
    </section>
  );
};

const Places = ({ comparison }: { comparison: Comparison }) => (
  <>
    <Differences {...comparison} />
    <div className="kt-places" role="status">
      {comparison.places.map((place) => (
        <Place key={place.area} place={place} />
      ))}
    </div>
  </>
);

const OfPerson = ({ person, on }: { person: string; on: string | undefined }) => {
  const { t } = useTranslation('person');
  const { data } = useSuspenseQuery(api.screening.compare.queryOptions({ input: { person, ...(on && { on }) } }));
  return (
    <>
      <PageHead
        title={t('compare.of', { name: data.name })}
        intro={t('compare.intro', { on: data.on })}
        action={<ButtonLink path={`/persons/${person}/screening`}>{t('compare.back')}</ButtonLink>}
      />
      <Alert type="info" showIcon className="kt-problem" title={t('compare.onlyTried')} />
      <Places comparison={data} />
    </>
  );
};

const OfFacts = () => {
  const { t } = useTranslation('person');
  const answer = useRef<HTMLDivElement>(null);
  const tried = useMutation({
    mutationFn: (input: Parameters<typeof client.screening.try>[0]) => client.screening.try(input),
  });
  // It stands below a long form: without this nothing would seem to happen.
  useEffect(() => {
    if (tried.data) answer.current?.scrollIntoView();
  }, [tried.data]);
  return (
    <>
      <PageHead intro={t('compare.introTyped')} />
      <TriedForm busy={tried.isPending} onTry={(input) => tried.mutate(input)} onClear={tried.reset} />
      <ProblemAlert problem={tried.error ?? undefined} />
      <div ref={answer}>{tried.data && <Places comparison={tried.data} />}</div>
    </>
  );
};

const ComparisonPage = () => {
  const [{ person, on }] = useSearchState(Query);
  return person === undefined ? <OfFacts /> : <OfPerson person={person} on={on} />;
};
export default ComparisonPage;
