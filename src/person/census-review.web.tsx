// One row beside the persons it may be: value by value, differences marked, and the decision.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Input, Radio, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import './census.css';
import { type CensusDecision, type CensusReview, type CensusSide, censusOutcomeNames } from './census.ts';

const Params = z.object({ list: z.uuid(), position: z.coerce.number().int() });

const Value = ({ side, index }: { side: CensusSide; index: number }) => {
  const { t } = useTranslation('census');
  const shown = side.values[index];
  if (!shown || shown.value === '') return <span className="kt-quiet">—</span>;
  return (
    <>
      <span className={shown.differs ? 'kt-census-differs' : ''}>{shown.value}</span>{' '}
      {shown.differs && <Tag color="warning">{t('review.differs')}</Tag>}
      {shown.source !== null && <div className="kt-quiet">{shown.source}</div>}
    </>
  );
};

const Comparison = ({
  review,
  chosen,
  onChoose,
}: {
  review: CensusReview;
  chosen: string | undefined;
  onChoose: (person: string) => void;
}) => {
  const { t } = useTranslation('census');
  const { row, candidates } = review;
  const isOpen = review.decisions.length > 0;
  return (
    <div className="kt-census-sides">
      <table>
        <caption className="kt-quiet">{t('review.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('review.field')}</th>
            <th scope="col">{t('review.row', { sender: t(`senders.${review.sender}`), day: review.listedOn })}</th>
            {candidates.map(({ person, score }, i) => (
              <th scope="col" key={person}>
                {isOpen && candidates.length > 1 && person !== null ? (
                  <Radio checked={chosen === person} onChange={() => onChoose(person)}>
                    {t('review.candidate', { n: i + 1 })}
                  </Radio>
                ) : (
                  t('review.onFile')
                )}{' '}
                {person !== null && <PageLink path={`/persons/${person}`}>{t('review.open')}</PageLink>}
                {score !== null && review.kind === 'review' && (
                  <div className="kt-quiet">{t('review.score', { score: Math.round(score * 100) })}</div>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {row.values.map(({ label }, index) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>
                <Value side={row} index={index} />
              </td>
              {candidates.map((side) => (
                <td key={side.person}>
                  <Value side={side} index={index} />
                </td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">{t('review.why')}</th>
            <td>{row.reasons.join('；') || '—'}</td>
            {candidates.map((side) => (
              <td key={side.person}>{side.reasons.join('；')}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
};

interface DecideProps {
  readonly review: CensusReview;
  readonly person: string | undefined;
}

const Decide = ({ review, person }: DecideProps) => {
  const { t } = useTranslation('census');
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [note, setNote] = useState('');
  const { list, position } = review;
  const resolve = useOperation(client.census.resolve);
  const run = async (decision: CensusDecision) => {
    const done = await resolve.run({
      list,
      position,
      decision,
      ...(person !== undefined && (decision === 'link' || decision === 'update') && { person }),
      ...(note.trim() !== '' && { note: note.trim() }),
    });
    if (done === undefined) return;
    void message.success(censusOutcomeNames[done.result]);
    const { rows } = await client.census.reviews({ list, page: 1, pageSize: 1 });
    const next = rows[0];
    void navigate({ to: next ? `/census/reviews/${next.list}/${next.position}` : '/census/reviews' });
  };
  const needsPerson = (decision: CensusDecision) => decision === 'link' || decision === 'update';
  const shown = review.decisions.filter((decision) => decision !== 'update' || review.kind === 'conflict');
  return (
    <section className="kt-census-part" aria-label={t('review.decide')}>
      <h2>{t('review.decide')}</h2>
      <Input
        className="kt-census-note"
        maxLength={150}
        value={note}
        aria-label={t('review.note')}
        placeholder={t('review.note')}
        onChange={({ target }) => setNote(target.value)}
      />
      <ProblemAlert problem={resolve.problem} />
      <ul className="kt-census-decisions">
        {shown.map((decision, i) => (
          <li key={decision}>
            <Button
              type={i === 0 ? 'primary' : 'default'}
              disabled={needsPerson(decision) && person === undefined}
              loading={resolve.busy}
              onClick={() => void run(decision)}
            >
              {t(`decisions.${decision}`)}
            </Button>
            <span className="kt-quiet">{t(`decisionHints.${decision}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const ReviewPage = () => {
  const { t } = useTranslation('census');
  const input = usePathParams(Params);
  const { data: review } = useSuspenseQuery(api.census.review.queryOptions({ input }));
  const [picked, setPicked] = useState<string>();
  const only = review.candidates.length === 1 ? review.candidates[0]?.person : undefined;
  const person = picked ?? only ?? undefined;
  return (
    <>
      <PageHead intro={`${t(`kinds.${review.kind}`)}：${review.reason} · ${review.fileName}`} />
      <Comparison review={review} chosen={person} onChoose={setPicked} />
      {review.decisions.length > 0 ? (
        <Decide key={`${input.list}${input.position}`} review={review} person={person} />
      ) : (
        <p>
          {censusOutcomeNames[review.result]} <ButtonLink path="/census/reviews">{t('reviews.begin')}</ButtonLink>
        </p>
      )}
    </>
  );
};
export default ReviewPage;
