// Signing consent: the text to be read out, what is agreed to and who may know, then who signed.
import './papers.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import { consentSigned } from './agreement.ts';
import { type ConsentText, consentTextOn } from './consent-text.ts';
import { Checks, SignerFields } from './signer.web.tsx';

const Path = z.object({ person: z.uuid() });
const Fields = z.object({ on: Day, ...consentSigned.body.omit({ version: true }).shape });

export const ConsentParagraphs = ({ text }: { text: ConsentText }) => (
  <>
    {text.paragraphs.map(({ heading, text: words }) => (
      <div key={heading}>
        <h3>{heading}</h3>
        <p>{words}</p>
      </div>
    ))}
  </>
);

const ConsentPage = () => {
  const { t } = useTranslation('care');
  const { person } = usePathParams(Path);
  const { clock } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data } = useSuspenseQuery(api.papers.get.queryOptions({ input: { person } }));
  const text = consentTextOn(clock.today);
  const sign = useOperation(client.consent.sign, {
    form,
    onDone: () => void navigate({ to: `/persons/${person}/papers` }),
  });
  const choices = (items: ConsentText['purposes']) => (
    <Checks options={items.map((item) => ({ value: item.id, label: item.text }))} />
  );
  return (
    <>
      <PageHead
        title={`${t('consent.title')} · ${data.name}`}
        intro={t('consent.intro')}
        action={
          <ButtonLink path={`/persons/${person}/papers/print`} search={{ paper: 'consent' }}>
            {t('consent.print')}
          </ButtonLink>
        }
      />
      <article className="kt-paper">
        <h2>{text.title}</h2>
        <p className="kt-quiet">{t('consent.version', { version: text.version })}</p>
        <ConsentParagraphs text={text} />
        <p>{t('consent.dataKinds', { kinds: text.dataKinds.join('、') })}</p>
      </article>
      <SchemaForm
        schema={Fields}
        form={form}
        initial={{ on: clock.today, fromOn: clock.today, purposes: [], recipients: [] }}
        onSubmit={(fields) => sign.run({ person, version: text.version, ...fields })}
        problem={sign.problem}
        busy={sign.busy}
        submitLabel={t('consent.save')}
      >
        <Field name="purposes" label={t('consent.purposes')} help={t('consent.purposesHelp')}>
          {choices(text.purposes)}
        </Field>
        <Field name="recipients" label={t('consent.recipients')} help={t('consent.recipientsHelp')}>
          {choices(text.recipients)}
        </Field>
        <SignerFields notBefore={data.acceptedOn} />
      </SchemaForm>
    </>
  );
};
export default ConsentPage;
