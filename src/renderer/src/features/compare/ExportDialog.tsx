import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../api/connection.ts'
import { goTo } from '../../app/hashLocation.ts'
import { useWorkspaceRoot } from '../../app/workspace.ts'
import { useMetricWords } from '../../i18n/metricTitle.ts'
import { Button } from '../../ui/Button.tsx'
import { Check } from '../../ui/Check.tsx'
import { Choice, type ChoiceOption } from '../../ui/Choice.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { formatCount, formatNumber } from '../../ui/format.ts'
import { NumberInput, TextInput } from '../../ui/inputs.tsx'
import { toast } from '../../ui/toasts.ts'
import css from './ComparePage.module.css'
import { pictureAt, titleOf, type OpenComparison, type Source } from './comparison.ts'
import { focusedRun, useCompare, type CompareState } from './compareStore.ts'
import { extremes } from './playback/dips.ts'
import { trackAt } from './playback/playhead.ts'
import type { FrameSupply } from './pictures/frameSupply.ts'
import { recordFrames } from './recordFrames.ts'
import { shiftedPosition } from './stage/alignment.ts'

type What = 'one' | 'worst' | 'loop' | 'track'
type As = 'joined' | 'separate' | 'none' | 'video'

/** Where a source lies: its folder, or that of the clip. */
const folderOf = ({ folder, clip }: Source) => clip?.path.replace(/[/\\][^/\\]*$/, '') ?? folder

/** What a source shows at a position, as the engine finds it again: a file name or a frame of its video. */
function savedPicture(state: CompareState, source: number, position: number): string | number | null {
  const { data, offsets } = state
  const shifted = shiftedPosition(position, offsets[source] ?? 0, data?.names.length ?? 0)
  const picture = data && shifted !== undefined ? pictureAt(data, source, shifted) : undefined
  if (!data || picture === undefined || shifted === undefined) return null
  return picture.frame ?? data.names[shifted]
}

/** Saves frames as pictures, or makes the video of what is on the screen. */
export function ExportDialog(props: { data: OpenComparison; supply: FrameSupply; onClose(): void }) {
  const { data, supply, onClose } = props
  const { t } = useTranslation('compare')
  const metricWords = useMetricWords()
  const root = useWorkspaceRoot()
  const state = useMemo(() => useCompare.getState(), [])
  const { head, panes, metrics, mode } = state
  const [recording, setRecording] = useState<{ done: number; stop: AbortController }>()
  const [what, setWhat] = useState<What>(head.loop ? 'loop' : 'one')
  const [count, setCount] = useState<number | undefined>(12)
  const [as, setAs] = useState<As>(head.loop ? 'video' : 'joined')
  const [hasSheet, setSheet] = useState(true)
  const [folder, setFolder] = useState('comparison_frames')
  const metric = data.metrics.find(({ id }) => id === metrics[0])
  const column = metric && focusedRun(state)?.columns.get(metric.id)
  const track = trackAt(data.trackStarts, head.count, head.position)
  const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)
  const positions =
    what === 'one'
      ? [head.position]
      : what === 'worst' && column && metric
        ? extremes(column, metric.direction, 'worst', count ?? 1)
        : what === 'loop' && head.loop
          ? span(head.loop[0], head.loop[1])
          : span(track.from, track.to)
  const sources = [...new Set(panes)]
  const fps = Math.max(1, Math.round(head.framesPerSecond * head.speed * 1000) / 1000)
  const fail = (error: unknown) =>
    void toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })
  const started = (text: string, id: string) => {
    onClose()
    toast({
      look: 'ok',
      text,
      lastsMs: 8000,
      action: { label: t('exporting.show'), perform: () => goTo(`/jobs/${id}`) },
    })
  }

  const save = () =>
    engine()
      .call('compare.saveFrames', {
        runIds: data.runs.map(({ id }) => id),
        clips: data.clips.map(({ path }) => path),
        names: positions.map((position) => data.names[position]),
        sources: sources.map((source) => ({
          id: data.sources[source].id,
          pictures: positions.map((position) => savedPicture(state, source, position)),
        })),
        outputDir: folder,
        files: as === 'video' ? 'none' : as,
        contactSheet: hasSheet || as === 'none',
      })
      .then(({ id }) => started(t('exporting.started', { count: positions.length }), id))
      .catch(fail)

  const makeVideo = async () => {
    const stop = new AbortController()
    setRecording({ done: 0, stop })
    const time = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '')
    const recording = `${titleOf(data)}_${mode}_${time}`.replaceAll(/[^\w.-]+/g, '_').replace(/^[^\w]+/, '')
    try {
      const { signal } = stop
      const onFrame = (done: number) => setRecording({ done, stop })
      await recordFrames({ supply, positions, recording, signal, onFrame })
      if (signal.aborted) return
      const { id } = await engine().call('videos.startDrawn', {
        recording,
        workspace: root ?? folderOf(data.sources[sources[0]]),
        fps,
      })
      started(t('exporting.videoStarted'), id)
    } catch (error) {
      fail(error)
    } finally {
      setRecording(undefined)
    }
  }

  const choices: ChoiceOption<What>[] = [
    { value: 'one', title: t('exporting.one') },
    ...(metric && column
      ? [{ value: 'worst' as const, title: t('exporting.worst', { metric: metricWords.titleOf(metric) }) }]
      : []),
    ...(head.loop
      ? [
          {
            value: 'loop' as const,
            title: t('exporting.loop', {
              from: formatCount(head.loop[0] + 1),
              to: formatCount(head.loop[1] + 1),
            }),
          },
        ]
      : []),
    { value: 'track', title: t('exporting.track', { count: track.to - track.from + 1 }) },
  ]
  return (
    <Dialog
      isOpen
      onClose={() => {
        recording?.stop.abort()
        onClose()
      }}
      title={t('exporting.title')}
      width={560}
      footer={
        <>
          {recording ? (
            <>
              <span role="status" className={css.recording}>
                {t('exporting.recording', {
                  done: formatCount(recording.done),
                  total: formatCount(positions.length),
                })}
              </span>
              <Button onClick={() => recording.stop.abort()}>{t('exporting.stop')}</Button>
            </>
          ) : as === 'video' ? (
            <Button look="primary" onClick={() => void makeVideo()}>
              {t('exporting.video')}
            </Button>
          ) : (
            <Button look="primary" onClick={() => void save()}>
              {t('exporting.save')}
            </Button>
          )}
        </>
      }
    >
      <div className={css.exporting}>
        <section>
          <h3>{t('exporting.what')}</h3>
          <Choice
            label={t('exporting.what')}
            options={choices}
            value={what}
            onChange={(value) => setWhat(value as What)}
          />
          {what === 'worst' && (
            <Field label={t('exporting.count')}>
              <NumberInput value={count} onChange={setCount} min={1} max={500} isWhole />
            </Field>
          )}
        </section>
        <section>
          <h3>{t('exporting.how')}</h3>
          <Choice
            label={t('exporting.how')}
            value={as}
            onChange={(value) => {
              setAs(value as As)
              // A video of a single frame is hardly meant.
              if (value === 'video' && what === 'one') setWhat(head.loop ? 'loop' : 'track')
            }}
            options={[
              { value: 'joined', title: t('exporting.joined'), about: t('exporting.joinedAbout') },
              { value: 'separate', title: t('exporting.separate'), about: t('exporting.separateAbout') },
              { value: 'none', title: t('exporting.none'), about: t('exporting.sheetAbout') },
              { value: 'video', title: t('exporting.asVideo'), about: t('exporting.asVideoAbout') },
            ]}
          />
          {as !== 'video' && as !== 'none' && (
            <Check isOn={hasSheet} onChange={setSheet}>
              {t('exporting.withSheet')}
            </Check>
          )}
        </section>
      </div>
      {as === 'video' ? (
        <p className={css.videoAbout}>
          {t('exporting.videoAbout', {
            count: positions.length,
            seconds: formatNumber(positions.length / fps, 3),
            fps: formatNumber(fps, 3),
          })}
        </p>
      ) : (
        <Field label={t('exporting.folder')} hint={t('exporting.folderHint')}>
          <TextInput value={folder} onChange={setFolder} isMono />
        </Field>
      )}
    </Dialog>
  )
}
