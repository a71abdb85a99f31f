import { Download, FileInput, ShieldCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ModelCheck, ModelInfo } from '../../../../shared/contract/models.ts'
import { useCapabilities } from '../../api/connection.ts'
import { useEngineCommand, useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useJobs } from '../../app/jobs.ts'
import { engine } from '../../api/connection.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { formatBytes } from '../../ui/format.ts'
import { Notice } from '../../ui/Notice.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Answer } from '../../ui/states.tsx'
import { Status, type StatusLook } from '../../ui/Status.tsx'
import { toast } from '../../ui/toasts.ts'
import { isJobLive } from '../jobs/jobLooks.ts'
import { ImportDialog } from './ImportDialog.tsx'
import css from './SystemPage.module.css'

const looks: Record<ModelInfo['status'], StatusLook> = { installed: 'ok', partial: 'warning', missing: 'off' }
const complain = (error: Error) => toast({ look: 'failed', text: error.message })

/** The weights of the networks: installed, missing, and how to get them here. */
export function WeightsPanel() {
  const { t } = useTranslation('system')
  const query = useEngineQuery('models.list', {})
  const install = useEngineCommand('models.install', {
    onSuccess: (job) => goTo(`/jobs/${job.id}`),
    onError: complain,
  })
  const [isImporting, setImporting] = useState(false)
  const verification = useVerification()
  const importWeights = useImport(() => setImporting(true))
  return (
    <Panel
      title={t('weights.title')}
      note={
        query.data &&
        t('weights.note', {
          installed: query.data.models.filter(({ status }) => status === 'installed').length,
          total: query.data.models.length,
        })
      }
      actions={
        <>
          <Button
            size="small"
            look="quiet"
            icon={ShieldCheck}
            hint={t('weights.verifyHint')}
            isBusy={verification.isPending}
            onClick={() => verification.verify(undefined)}
          >
            {t('weights.verifyAll')}
          </Button>
          <Button size="small" icon={FileInput} onClick={importWeights}>
            {t('weights.import')}
          </Button>
          <Button
            size="small"
            icon={Download}
            isBusy={install.isPending}
            disabledReason={
              query.data?.models.every(({ status }) => status === 'installed')
                ? t('weights.nothingMissing')
                : undefined
            }
            onClick={() => install.mutate({})}
          >
            {t('weights.installAll')}
          </Button>
        </>
      }
      flush
    >
      <Answer query={query}>
        {({ folder, models }) => (
          <>
            <ul className={css.models}>
              {models.map((model) => (
                <Model
                  key={model.id}
                  model={model}
                  check={model.path === undefined ? undefined : verification.checks.get(model.path)}
                  onInstall={() => install.mutate({ models: [model.id] })}
                  onVerify={() => verification.verify(model.id)}
                />
              ))}
            </ul>
            <div className={css.folder}>
              <span>{t('weights.folder')}</span>
              <PathText path={folder} longest={56} />
              <CopyButton text={folder} />
            </div>
          </>
        )}
      </Answer>
      <ImportDialog isOpen={isImporting} onClose={() => setImporting(false)} />
    </Panel>
  )
}

function Model(props: {
  model: ModelInfo
  check: ModelCheck | undefined
  onInstall(): void
  onVerify(): void
}) {
  const { model, check, onInstall, onVerify } = props
  const sentence = useSentence()
  const { t } = useTranslation('system')
  const { title, status, neededFor, licence, wanted, path, place, note, refused, isOfficial } = model
  return (
    <li>
      <div className={css.modelHead}>
        <Status look={looks[status]} label={t(`weights.${status}`)} />
        <strong>{title}</strong>
        <span className={css.found}>{neededFor.join(', ')}</span>
        <span className={css.modelActions}>
          {status === 'installed' ? (
            <Button
              size="small"
              look="quiet"
              icon={ShieldCheck}
              hint={t('weights.verifyHint')}
              onClick={onVerify}
            >
              {t('weights.verify')}
            </Button>
          ) : (
            wanted.url !== undefined && (
              <Button size="small" icon={Download} onClick={onInstall}>
                {t('weights.install')}
              </Button>
            )
          )}
        </span>
      </div>
      <div className={css.modelFacts}>
        {path === undefined ? (
          <PathText path={wanted.file} longest={60} />
        ) : (
          <PathText path={path} longest={60} />
        )}
        <span>{formatBytes(wanted.size)}</span>
        <span>{licence}</span>
        {place !== undefined && <span>{t(`weights.places.${place}`)}</span>}
        {isOfficial === false && <span>{t('weights.unofficial')}</span>}
      </div>
      {note !== undefined && <Notice>{note}</Notice>}
      {refused.map(({ path: file, reason }) => (
        <Notice key={file} look="warning">
          {reason}
        </Notice>
      ))}
      {check && (
        <Status look={check.isSound ? 'ok' : 'failed'}>
          {check.isSound ? t('weights.sound') : t('weights.notSound', { found: sentence(check.found) })}
        </Status>
      )}
    </li>
  )
}

/** The last check of each file, from the jobs that made them, and whether one is under way. */
function useVerification() {
  const jobs = useJobs((state) => state.jobs)
  const start = useEngineCommand('models.verify', { onError: complain })
  return useMemo(() => {
    const own = [...jobs.values()]
      .filter(({ kind }) => kind === 'models.verify')
      .sort((a, b) => a.createdAt - b.createdAt)
    const found = own.flatMap(({ result }) => (result as { checks?: ModelCheck[] } | null)?.checks ?? [])
    return {
      checks: new Map(found.map((check) => [check.path, check])),
      isPending: own.some(isJobLive),
      verify: (model: string | undefined) => start.mutate(model === undefined ? {} : { model }),
    }
  }, [jobs, start])
}

/** The system's file dialog where there is one, else the page's own. */
function useImport(openDialog: () => void): () => void {
  const { t } = useTranslation('system')
  const { hasNativeDialogs } = useCapabilities()
  return () => {
    if (!hasNativeDialogs || !window.parallax) return openDialog()
    void window.parallax
      .pickFile({ title: t('weights.importTitle'), extensions: ['pth', 'pt', 'bin', 'safetensors'] })
      .then(async (path) => {
        if (path === undefined) return
        await engine().call('models.import', { path }).catch(complain)
      })
  }
}
