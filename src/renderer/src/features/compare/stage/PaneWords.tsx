import { Menu } from '@mantine/core'
import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useShallow } from 'zustand/react/shallow'
import { useCompare } from '../compareStore.ts'
import { isSameSize, type Size } from './alignment.ts'
import type { DrawnPane } from './drawStage.ts'
import { signed } from '../shift/Shifts.tsx'
import css from './Stage.module.css'

/** What stands over a pane: whose picture it is, and everything that was done to it. */
export function PaneWords({
  pane,
  index,
  stage,
  ratio,
}: {
  pane: DrawnPane
  index: number
  stage: Size
  ratio: number
}) {
  const { t } = useTranslation('compare')
  const { data, offsets, alignment, mode, panes } = useCompare(
    useShallow(({ data, offsets, alignment, mode, panes }) => ({ data, offsets, alignment, mode, panes })),
  )
  if (!data) return null
  const { rect, sources, shown, kind } = pane
  const problem = shown.find((one) => one.state === 'missing' || one.state === 'failed')
  const isLoading = !problem && shown.some((one) => one.state === 'loading')
  const notes = [
    ...(shown.some((one) => one.state === 'ready' && one.detail === 'preview') ? [t('stage.preview')] : []),
    ...ownSizes(pane).flatMap((own, at) =>
      isSameSize(own, stage)
        ? []
        : [
            `${sources.length > 1 ? `${at === 0 ? 'A' : 'B'} ` : ''}${t('stage.sizes', { own: sizeText(own), stage: sizeText(stage), rule: t(`alignment.${alignment}`) })}`,
          ],
    ),
    ...(kind === 'map' && shown[0].state === 'ready'
      ? [t('stage.mapSize', { size: sizeText(shown[0].bitmap) })]
      : []),
    ...sources.flatMap((source) => {
      const { clip } = data.sources[source]
      return clip && clip.bits > 8 ? [t('stage.bits', { bits: clip.bits })] : []
    }),
    ...sources
      .filter((source) => offsets[source] !== 0)
      .map(
        (source) => `${data.sources[source].label} ${t('stage.offset', { frames: signed(offsets[source]) })}`,
      ),
  ]
  const isPair = sources.length > 1
  return (
    <div
      className={css.pane}
      data-pane={index}
      style={{
        left: rect.x / ratio,
        top: rect.y / ratio,
        width: rect.width / ratio,
        height: rect.height / ratio,
        borderColor: isPair
          ? 'transparent'
          : `color-mix(in srgb, ${data.sources[sources[0]].color} 70%, transparent)`,
      }}
    >
      <div className={css.head}>
        {sources.map((source, at) => (
          <SourceChip
            key={at}
            source={source}
            slot={paneSlot(mode, panes, source, index, at)}
            letter={isPair ? (at === 0 ? t('stage.a') : t('stage.b')) : undefined}
          />
        ))}
      </div>
      {isLoading && <span className={css.state}>{t('stage.loading')}</span>}
      {problem && (
        <p className={css.problem} role="status">
          {problem.state === 'failed'
            ? problem.reason
            : kind === 'picture' || kind === 'wipe' || kind === 'overlay'
              ? t('stage.missing')
              : kind === 'map' && !sources.includes(0)
                ? t('stage.noMap')
                : t('stage.noPair')}
        </p>
      )}
      {notes.length > 0 && <span className={css.notes}>{notes.join(' · ')}</span>}
    </div>
  )
}

/** Own sizes of the pictures of the sources, in their order; none while only previews are there. */
const ownSizes = ({ shown }: DrawnPane): readonly Size[] =>
  shown.flatMap((one) => (one.state === 'ready' && one.detail !== 'preview' ? one.sizes : []))

const sizeText = ({ width, height }: Size) => `${width}×${height}`

/** Which place in the list of panes a chip stands for. */
function paneSlot(mode: string, panes: readonly number[], source: number, index: number, at: number): number {
  if (mode === 'side' || mode === 'grid') return index
  if (mode === 'blink') return panes.indexOf(source)
  return at === 0 ? 0 : index + 1
}

/** The name of a source with its colour; opens the list of all sources. */
function SourceChip({ source, slot, letter }: { source: number; slot: number; letter?: string }) {
  const { t } = useTranslation('compare')
  const data = useCompare((state) => state.data)!
  const { label, color } = data.sources[source]
  const choose = (other: number) =>
    useCompare.setState(({ panes }) => {
      const elsewhere = panes.indexOf(other)
      return { panes: panes.map((one, at) => (at === slot ? other : at === elsewhere ? panes[slot] : one)) }
    })
  return (
    <Menu position="bottom-start" offset={2} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button
          type="button"
          className={css.chip}
          aria-label={`${t('stage.source', { pane: slot + 1 })}: ${letter === undefined ? '' : `${letter} `}${label}`}
          translate="no"
        >
          <i style={{ background: color }} aria-hidden />
          {/* The blank is for those who hear it: the letter is no part of the name. */}
          {letter !== undefined && <b>{letter}</b>} <span>{label}</span>
          <ChevronDown size={12} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {data.sources.map((one, other) => (
          <Menu.Item
            key={one.id}
            leftSection={<i className={css.dot} style={{ background: one.color }} />}
            onClick={() => choose(other)}
            data-chosen={other === source || undefined}
          >
            {one.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
