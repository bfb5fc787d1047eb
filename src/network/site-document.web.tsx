// The photos and documents of a check: small pictures that open large, files to save, and voiding one.
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile } from '../person/save-file.ts';
import { api, client } from '../web/client.ts';
import { ProblemAlert } from '../web/message.tsx';
import { ReasonButton } from '../web/reason-button.tsx';
import type { SiteDocumentView } from './site-document.ts';
import './site-document.css';

/** An address of the content in this browser's memory; both are gone when the picture leaves the page. */
const useContentUrl = (siteDocument: string): { url: string | undefined; error: Error | null } => {
  const { data, error } = useQuery({
    ...api.siteDocument.content.queryOptions({ input: { siteDocument } }),
    // Never another, and read once: each reading is a line in the audit.
    staleTime: 'static',
    gcTime: 0,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (data === undefined) return undefined;
    const made = URL.createObjectURL(data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  return { url, error };
};

const Photo = ({ id, caption }: SiteDocumentView) => {
  const { t } = useTranslation('siteCheck');
  const [large, setLarge] = useState(false);
  const { url, error } = useContentUrl(id);
  if (error) return <ProblemAlert problem={error} />;
  if (url === undefined) return <Skeleton.Image active />;
  return (
    <>
      <button
        type="button"
        className="kt-photo"
        onClick={() => setLarge(true)}
        aria-label={t('document.enlarge', { caption })}
      >
        <img src={url} alt={caption} />
      </button>
      <Modal open={large} title={caption} footer={null} width={1000} onCancel={() => setLarge(false)}>
        <img src={url} alt={caption} className="kt-photo-large" />
      </Modal>
    </>
  );
};

const sizeOf = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;

const Paper = ({ id, bytes }: SiteDocumentView) => {
  const { t } = useTranslation('siteCheck');
  const taken = useMutation({
    mutationFn: () => client.siteDocument.content({ siteDocument: id }),
    onSuccess: saveFile,
  });
  return (
    <>
      <Button size="small" icon={<DownloadOutlined />} loading={taken.isPending} onClick={() => taken.mutate()}>
        {t('document.download', { size: sizeOf(bytes) })}
      </Button>
      <ProblemAlert problem={taken.error ?? undefined} />
    </>
  );
};

export const Documents = ({ documents }: { documents: readonly SiteDocumentView[] }) => {
  const { t } = useTranslation('siteCheck');
  if (documents.length === 0) return null;
  return (
    <ul className="kt-photos" aria-label={t('document.title')}>
      {documents.map((one) => (
        <li key={one.id}>
          {one.mediaType === 'application/pdf' ? <Paper {...one} /> : <Photo {...one} />}
          <div>{one.caption}</div>
          <div className="kt-quiet">
            {one.label !== null && `${one.label}，`}
            {t('document.addedOn', { on: one.addedOn })}
          </div>
          {one.mayVoid && (
            <ReasonButton
              size="small"
              label={t('document.void')}
              title={t('document.voidTitle', { caption: one.caption })}
              hint={t('document.voidHint')}
              reason={t('reason')}
              call={client.siteDocument.void}
              input={{ siteDocument: one.id }}
            />
          )}
        </li>
      ))}
    </ul>
  );
};
