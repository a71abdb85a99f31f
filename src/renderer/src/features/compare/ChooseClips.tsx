import { Play } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FoundVideo } from '../../../../shared/contract/compare.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { DataTable, type Column } from '../../ui/DataTable.tsx'
import { formatBytes } from '../../ui/format.ts'
import { TextInput } from '../../ui/inputs.tsx'
import { Moment } from '../../ui/Moment.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { formatAddress } from './address.ts'
import css from './ComparePage.module.css'

/** The videos of the workspace and those the studio made; any other in reach by its path. */
export function ChooseClips({
  chosen,
  onToggle,
  filter,
}: {
  chosen: readonly string[]
  onToggle(path: string): void
  filter: string
}) {
  const { t } = useTranslation('compare')
  const root = useWorkspaceRoot()
  const query = useEngineQuery('compare.videos', root === undefined ? {} : { workspace: root })
  const [path, setPath] = useState('')
  const wanted = filter.trim().toLowerCase()
  const rows = (query.data?.videos ?? []).filter((video) => video.path.toLowerCase().includes(wanted))
  const open = (file: string) => goTo(formatAddress({ runIds: [], clips: [file] }))
  const columns: Column<FoundVideo>[] = [
    {
      id: 'chosen',
      title: '',
      width: 36,
      cell: (video) => (
        <Check isOn={chosen.includes(video.path)} onChange={() => onToggle(video.path)} label={video.name} />
      ),
    },
    {
      id: 'name',
      title: t('open.video'),
      sortBy: ({ name }) => name,
      cell: ({ name, path }) => (
        <span translate="no" title={path}>
          {name}
        </span>
      ),
    },
    {
      id: 'size',
      title: t('open.size'),
      isNumeric: true,
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => formatBytes(bytes),
    },
    {
      id: 'when',
      title: t('open.changed'),
      firstOrder: 'descending',
      sortBy: ({ modifiedAt }) => modifiedAt,
      cell: ({ modifiedAt }) => <Moment at={modifiedAt} />,
    },
  ]
  return (
    <Panel
      title={t('open.videos')}
      note={query.data?.isComplete === false ? t('open.videosPart') : undefined}
      flush
      className={css.videos}
      actions={
        <span className={css.openFile}>
          <TextInput
            value={path}
            onChange={setPath}
            onEnter={() => path.trim() !== '' && open(path.trim())}
            placeholder={t('open.path')}
            aria-label={t('open.path')}
            isMono
          />
          <Button
            size="small"
            icon={Play}
            disabledReason={path.trim() === '' ? t('open.path') : undefined}
            onClick={() => open(path.trim())}
          >
            {t('open.openVideo')}
          </Button>
        </span>
      }
    >
      <Answer query={query}>
        {() => (
          <DataTable
            label={t('open.videos')}
            rows={rows}
            columns={columns}
            rowKey={(video) => video.path}
            initialSorting={{ column: 'when', order: 'descending' }}
            onOpen={(video) => open(video.path)}
            empty={<Empty>{t('open.noVideos')}</Empty>}
            fill
          />
        )}
      </Answer>
    </Panel>
  )
}
