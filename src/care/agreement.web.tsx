// Signing the service agreement: what is served, how often, at what price, and who signed.
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Form, InputNumber } from 'antd';
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
import { agreementSigned } from './agreement.ts';
import { Domain } from './session.ts';
import { Checks, SignerFields } from './signer.web.tsx';

const Path = z.object({ person: z.uuid() });
const Fields = z.object({ on: Day, ...agreementSigned.body.omit({ organisation: true }).shape });

const AgreementPage = () => {
  const { t } = useTranslation('care');
  const { person } = usePathParams(Path);
  const { clock } = useMe();
  const navigate = useNavigate();
  const [form] = Form.useForm();
  const { data } = useSuspenseQuery(api.papers.get.queryOptions({ input: { person } }));
  const sign = useOperation(client.agreement.sign, {
    form,
    onDone: () => void navigate({ to: `/persons/${person}/papers` }),
  });
  return (
    <>
      <PageHead
        title={`${t('agreement.title')} · ${data.name}`}
        intro={data.site && t('agreement.party', { name: data.site.name })}
        action={
          <ButtonLink path={`/persons/${person}/papers/print`} search={{ paper: 'agreement' }}>
            {t('agreement.print')}
          </ButtonLink>
        }
      />
      <SchemaForm
        schema={Fields}
        form={form}
        initial={{ on: clock.today, fromOn: clock.today, price: 0 }}
        onSubmit={(fields) => sign.run({ person, ...fields })}
        problem={sign.problem}
        busy={sign.busy}
        submitLabel={t('agreement.save')}
      >
        <Field name="items" label={t('agreement.items')}>
          <Checks options={Domain.options.map((value) => ({ value, label: t(`domain.${value}`) }))} />
        </Field>
        <Field name="frequency" label={t('agreement.frequency')}>
          <InputNumber min={1} max={31} precision={0} />
        </Field>
        <Field name="price" label={t('agreement.price')} help={t('agreement.priceHelp')}>
          <InputNumber min={0} precision={2} />
        </Field>
        <SignerFields notBefore={data.acceptedOn} />
      </SchemaForm>
    </>
  );
};
export default AgreementPage;
