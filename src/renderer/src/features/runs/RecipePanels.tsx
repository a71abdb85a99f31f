import { FolderSearch } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { RunReport } from '../../../../shared/contract/runs.ts'
import { useCapabilities } from '../../api/connection.ts'
import { IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { useSentence } from '../../i18n/sentences/index.ts'
import { Facts } from '../../ui/Facts.tsx'
import { formatCount, formatNumber } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import css from './RunPage.module.css'

/** The rest is in the exported table. */
const mostFailures = 100
const percent = (share: number) => `${formatNumber(share * 100, 3)} %`

/** How the numbers were made, from what, and what was left out. */
export function RecipePanels({ run }: { run: RunReport }) {
  const { t } = useTranslation('runs')
  const sentence = useSentence()
  const { recipe, coverage, providers, versions, failures } = run
  const { protocol } = recipe
  const has = (...ids: string[]) => ids.some((id) => recipe.metrics.includes(id))
  return (
    <div className={css.side}>
      <Panel title={t('run.recipe')} flush>
        <div className={css.recipeLine}>
          <span>{run.recipeLine}</span>
          <CopyButton text={run.recipeLine} />
        </div>
        <div className={css.facts}>
          <Facts
            facts={[
              [t('run.protocol'), <code key="name">{`${protocol.name} v${protocol.version}`}</code>],
              [
                t('run.sizes'),
                `${protocol.paired.size} / ${protocol.inception.size} / ${protocol.clip.size} px`,
              ],
              [
                t('run.batch'),
                protocol.psnr === 'batched' && has('PSNR') ? formatCount(recipe.batchSize) : undefined,
              ],
              [t('run.ssimBorder'), has('SSIM') ? t(`run.ssimBorders.${recipe.ssimBorder}`) : undefined],
              [t('run.lpips'), has('LPIPS') ? `${recipe.lpipsNet}, ${recipe.lpipsEpsilon}` : undefined],
              [t('run.fid'), has('FID', 'KID') ? `${recipe.fidDims}, ${recipe.fidVariant}` : undefined],
            ]}
          />
        </div>
      </Panel>
      {failures.length > 0 && (
        <Panel title={t('run.failures')} note={t('run.failuresNote', { count: failures.length })} flush>
          <ul className={css.failures}>
            {failures.slice(0, mostFailures).map(({ frameIndex, name, reason }) => (
              <li key={frameIndex}>
                <PathText path={name} longest={36} />
                <p>{sentence(reason)}</p>
              </li>
            ))}
            {failures.length > mostFailures && (
              <li>{t('run.failuresMore', { count: failures.length - mostFailures })}</li>
            )}
          </ul>
        </Panel>
      )}
      <Panel title={t('run.coverage')} flush>
        <div className={css.facts}>
          <Facts
            facts={[
              [t('run.common'), formatCount(coverage.Common_Count)],
              [t('run.gt'), `${formatCount(coverage.GT_Count)} (${percent(coverage.Coverage_GT)})`],
              [t('run.pred'), `${formatCount(coverage.Pred_Count)} (${percent(coverage.Coverage_Pred)})`],
            ]}
          />
        </div>
      </Panel>
      <Panel title={t('run.folders')} flush>
        <div className={css.paths}>
          <Folder name={t('run.truth')} path={run.referenceDir} />
          <Folder name={t('run.prediction')} path={run.predictionDir} />
        </div>
      </Panel>
      {Object.keys(providers).length + Object.keys(versions).length > 0 && (
        <Panel title={t('run.versions')} flush>
          <div className={css.facts}>
            <Facts facts={[...Object.entries(providers), ...Object.entries(versions)]} />
          </div>
        </Panel>
      )}
    </div>
  )
}

function Folder({ name, path }: { name: string; path: string }) {
  const { t } = useTranslation()
  const { canReveal } = useCapabilities()
  return (
    <>
      <span className={css.legend}>{name}</span>
      <div>
        <PathText path={path} longest={34} />
        <span>
          {canReveal && (
            <IconButton
              icon={FolderSearch}
              size={14}
              label={t('actions.reveal')}
              onClick={() => void window.parallax?.reveal(path)}
            />
          )}
          <CopyButton text={path} label={t('actions.copyPath')} />
        </span>
      </div>
    </>
  )
}
