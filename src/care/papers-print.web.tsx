// Consent and agreement on paper: the text with boxes and lines to fill in by hand; names are written by who signs.
import './papers.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api } from '../web/client.ts';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { ConsentParagraphs } from './consent.web.tsx';
import { type ConsentText, consentTextOn, findConsentText } from './consent-text.ts';
import { Domain } from './session.ts';

const Path = z.object({ person: z.uuid() });
const Query = z.object({
  paper: z.enum(['consent', 'agreement']).default('consent'),
  /** Of the consent that was signed; absent: the one to sign today. */
  version: z.string().max(20).optional(),
});

const Blank = () => <span className="kt-blank">&nbsp;</span>;

const Ticks = ({ texts }: { texts: readonly string[] }) => (
  <ul className="kt-ticks">
    {texts.map((text) => (
      <li key={text}>□ {text}</li>
    ))}
  </ul>
);

const Signatures = () => {
  const { t } = useTranslation('care');
  return (
    <div className="kt-signatures">
      {(['print.sign', 'print.signGuardian', 'print.signStaff', 'print.day'] as const).map((key) => (
        <div key={key}>
          {t(key)}：<Blank />
        </div>
      ))}
    </div>
  );
};

const Parties = ({ site }: { site: { name: string; phone: string | null } | null }) => {
  const { t } = useTranslation('care');
  return (
    <>
      <p>
        {t('print.name')}：<Blank /> {t('print.phone')}：<Blank />
      </p>
      <p>
        {t('print.organisation')}：{site?.name ?? <Blank />} {t('print.phone')}：{site?.phone ?? <Blank />}
      </p>
    </>
  );
};

const ConsentPaper = ({ text }: { text: ConsentText }) => {
  const { t } = useTranslation('care');
  return (
    <>
      <ConsentParagraphs text={text} />
      <p>{t('consent.dataKinds', { kinds: text.dataKinds.join('、') })}</p>
      <h3>{t('print.purposes')}</h3>
      <Ticks texts={text.purposes.map((item) => item.text)} />
      <h3>{t('print.recipients')}</h3>
      <Ticks texts={text.recipients.map((item) => item.text)} />
      <p className="kt-quiet">{t('consent.version', { version: text.version })}</p>
    </>
  );
};

const terms = ['frequency', 'price', 'rights', 'duties', 'emergency', 'end', 'copies'] as const;

const AgreementPaper = () => {
  const { t } = useTranslation('care');
  return (
    <>
      <h3>{t('print.items')}</h3>
      <Ticks texts={Domain.options.map((domain) => t(`domain.${domain}`))} />
      <h3>{t('print.terms')}</h3>
      <ol>
        {terms.map((term) => (
          <li key={term}>{t(`print.${term}`)}</li>
        ))}
      </ol>
    </>
  );
};

const PrintPage = () => {
  const { t } = useTranslation('care');
  const { person } = usePathParams(Path);
  const { clock } = useMe();
  const [{ paper, version }] = useSearchState(Query);
  const { data } = useSuspenseQuery(api.papers.get.queryOptions({ input: { person } }));
  const text = (version === undefined ? undefined : findConsentText(version)) ?? consentTextOn(clock.today);
  return (
    <>
      <div className="kt-no-print">
        <PageHead title={`${t('print.title')} · ${data.name}`} action={<PrintButton />} />
      </div>
      <article className="kt-paper">
        <h2>{paper === 'consent' ? text.title : t('print.agreement')}</h2>
        <Parties site={data.site} />
        {paper === 'consent' ? <ConsentPaper text={text} /> : <AgreementPaper />}
        <Signatures />
      </article>
    </>
  );
};
export default PrintPage;
