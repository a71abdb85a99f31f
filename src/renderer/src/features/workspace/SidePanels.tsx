import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { WorkspaceReport } from '../../../../shared/contract/workspaces.ts'
import { useSentence } from '../../i18n/sentences/index.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Empty } from '../../ui/states.tsx'
import { Status } from '../../ui/Status.tsx'
import { MachinePanel } from './MachinePanel.tsx'
import css from './WorkspacePage.module.css'

/** Ground truth, what is missing, and what else was found. */
export function SidePanels({ report }: { report: WorkspaceReport }) {
  const { t } = useTranslation('workspace')
  const sentence = useSentence()
  const { maps, missing, labBook, configs, trainingRuns, localizationRuns } = report
  const checkpoints = trainingRuns.reduce((sum, run) => sum + run.checkpoints.length, 0)
  const count = (value: number) => (value === 0 ? undefined : formatCount(value))
  return (
    <div className={css.side}>
      {missing.length > 0 && (
        <Panel title={t('missing.title')} flush>
          <ul className={css.missing}>
            {missing.map(({ what, hint }) => (
              <li key={what}>
                <TriangleAlert size={14} strokeWidth={1.75} aria-hidden />
                <strong>{sentence(what)}</strong>
                <p>{sentence(hint)}</p>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <Panel title={t('maps.title')} flush>
        <DataTable
          label={t('maps.title')}
          rows={maps}
          rowKey={({ map }) => map}
          empty={<Empty>{t('maps.empty')}</Empty>}
          columns={[
            {
              id: 'map',
              title: t('maps.map'),
              cell: ({ map }) => (
                <span className={css.mapName} title={map}>
                  {map}
                </span>
              ),
            },
            {
              id: 'frames',
              title: t('maps.frames'),
              isNumeric: true,
              sortBy: ({ frames }) => frames,
              cell: ({ frames }) => formatCount(frames),
            },
            {
              id: 'splits',
              title: t('maps.splits'),
              isNumeric: true,
              cell: ({ splits }) => (
                <span title={splits.join('\n')}>{splits.length === 0 ? '–' : splits.length}</span>
              ),
            },
            {
              id: 'radar',
              title: t('maps.radar'),
              cell: ({ radar }) => (radar === undefined ? '–' : <Status look="ok">{t('maps.has')}</Status>),
            },
          ]}
        />
      </Panel>
      {(labBook !== undefined || configs.length + trainingRuns.length + localizationRuns.length > 0) && (
        <Panel title={t('also.title')} flush>
          <div className={css.factsBody}>
            <Facts
              facts={[
                [
                  t('also.labBook'),
                  labBook === undefined ? undefined : <PathText path={labBook} longest={30} />,
                ],
                [t('also.training'), count(trainingRuns.length)],
                [t('also.checkpoints'), count(checkpoints)],
                [t('also.localization'), count(localizationRuns.length)],
                [t('also.configs'), count(configs.length)],
              ]}
            />
          </div>
        </Panel>
      )}
      <MachinePanel />
    </div>
  )
}
