import { Columns2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { create } from 'zustand'
import { useCapabilities, useConnection } from '../../api/connection.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo, useHashSearch } from '../../app/hashLocation.ts'
import { useTrail } from '../../app/trailStore.ts'
import { Button } from '../../ui/Button.tsx'
import { copyText } from '../../ui/copyText.ts'
import { Failed, Skeleton } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.ts'
import { chooseAddress, formatAddress, parseAddress, type CompareAddress } from './address.ts'
import { ChooseSources } from './ChooseSources.tsx'
import { ReadClips } from './ReadClips.tsx'
import css from './ComparePage.module.css'
import { titleOf, unpackComparison, type OpenComparison } from './comparison.ts'
import { beginComparison, endComparison, goToPlace, useCompare } from './compareStore.ts'
import { ExportDialog } from './ExportDialog.tsx'
import { MarkerDialog } from './MarkerDialog.tsx'
import { ModeBar } from './ModeBar.tsx'
import { copyOrSave, pairPicture } from './pairPicture.ts'
import { openInput, openOptions } from './openQuestion.ts'
import { PairPanel } from './panel/PairPanel.tsx'
import { extremes } from './playback/dips.ts'
import { startFrameSupply, type FrameSupply } from './pictures/frameSupply.ts'
import { pictureArrived } from './stage/arrivals.ts'
import { Stage } from './stage/Stage.tsx'
import { Timelines } from './timeline/Timelines.tsx'
import { Transport } from './Transport.tsx'
import { useCompareCommands } from './useCompareCommands.ts'
import { usePlayback } from './usePlayback.ts'

/** Runs and clips beside ground truth, frame by frame: without any in the address, the choice of them. */
export function ComparePage() {
  const search = useHashSearch()
  const address = useMemo(() => parseAddress(new URLSearchParams(search)), [search])
  const { runIds, clips } = address
  if (runIds.length + clips.length === 0) return <ChooseSources />
  return (
    <ReadClips key={[...runIds, ...clips].join()} clips={clips}>
      <OpenSources address={address} />
    </ReadClips>
  )
}

function OpenSources({ address }: { address: CompareAddress }) {
  const { t } = useTranslation('compare')
  const query = useEngineQuery('compare.open', openInput(address), openOptions)
  const data = useMemo(() => query.data && unpackComparison(query.data, t('truth')), [query.data, t])
  const names = data && [...data.runs, ...data.clips].map(({ label }) => label).join(' · ')
  useTrail(data && (data.map === '' ? names : `${names} · ${data.map}`))
  useEffect(() => {
    document.title = `${t('title')} · Parallax`
  }, [t])
  const supply = useSupply()
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!data || !supply) return <Skeleton lines={12} height="100%" />
  return <Comparing data={data} address={address} supply={supply} />
}

/** Pictures belong to the engine they came from, and go with the page. */
function useSupply(): FrameSupply | undefined {
  // Another engine, or the same after it was gone: pictures that failed meanwhile may be had now.
  const generation = useConnection((connection) => connection.generation)
  useEffect(() => {
    const started = startFrameSupply(pictureArrived)
    useSupplyInUse.setState({ supply: started })
    return () => {
      useSupplyInUse.setState({ supply: undefined })
      started.close()
    }
  }, [generation])
  return useSupplyInUse(({ supply }) => supply)
}

const useSupplyInUse = create<{ supply?: FrameSupply }>(() => ({}))

function Comparing({
  data,
  address,
  supply,
}: {
  data: OpenComparison
  address: CompareAddress
  supply: FrameSupply
}) {
  const { t } = useTranslation('compare')
  const shown = useCompare((state) => state.data)
  const [dialog, setDialog] = useState<'export' | 'marker'>()
  const { data: markers = [] } = useEngineQuery('compare.markers', { referenceDir: data.referenceDir })
  useFollowAddress(data, address)
  usePlayback(supply)
  const isWindow = useCapabilities().door === 'window'
  const actions = useMemo(
    () => ({
      copyPicture: async () => {
        const drawn = pairPicture(supply)
        if (!drawn) return void toast({ look: 'failed', text: t('copy.nothing'), lastsMs: 4000 })
        const picture = await drawn.convertToBlob({ type: 'image/png' })
        const name = `${titleOf(data)}_${data.names[useCompare.getState().head.position].replace(/\.[^.]+$/, '')}.png`
        const how = await copyOrSave(picture, name)
        toast({
          look: 'ok',
          lastsMs: 4000,
          text: how === 'copied' ? t('copy.pictureCopied') : t('copy.pictureSaved', { file: name }),
        })
      },
      copyLink: async () => {
        const address = presentAddress(data)
        // An address of the window leads nowhere outside of it; the system hands its links to the window.
        const link = isWindow ? `parallax:/${address}` : new URL(`#${address}`, location.href).href
        await copyText(link)
        toast({ look: 'ok', lastsMs: 3000, text: t('copy.linkCopied') })
      },
      openExport: () => setDialog('export'),
      openMarker: () => setDialog('marker'),
      focusFrameField: () => document.getElementById('compare-frame')?.focus(),
      openVote: () => goTo(`/compare/vote?runs=${data.runs.map(({ id }) => id).join(',')}`),
    }),
    [data, supply, isWindow, t],
  )
  useCompareCommands(actions)
  if (shown !== data) return <Skeleton lines={12} height="100%" />
  return (
    <div className={css.page}>
      <h1 className="visuallyHidden">{t('title')}</h1>
      <div className={css.upper}>
        <div className={css.middle}>
          <Stage supply={supply} />
          <div className={css.bar}>
            <Button
              size="small"
              look="quiet"
              icon={Columns2}
              className={css.change}
              aria-label={t('open.change')}
              hint={t('open.changeHint')}
              onClick={() => goTo(chooseAddress(sourcesOf(data)))}
            >
              {t('open.change')}
            </Button>
            <ModeBar />
          </div>
          <Timelines data={data} markers={markers} />
          <Transport data={data} />
        </div>
        <PairPanel data={data} supply={supply} markers={markers} />
      </div>
      {dialog === 'export' && (
        <ExportDialog data={data} supply={supply} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'marker' && (
        <MarkerDialog data={data} markers={markers} onClose={() => setDialog(undefined)} />
      )}
    </div>
  )
}

/** The address bar says what is shown, a moment after it rests; an address that comes from elsewhere is followed. */
function useFollowAddress(data: OpenComparison, address: CompareAddress): void {
  const written = useRef<string>(undefined)
  useEffect(() => {
    const { mode, metric, loop } = address
    const position = positionOf(data, address)
    if (useCompare.getState().data !== data) {
      beginComparison(data, { position: position ?? 0, mode, metric, loop })
      return
    }
    const text = formatAddress(address)
    if (text !== written.current && text !== presentAddress(data)) goToPlace({ position, mode, metric, loop })
  }, [data, address])

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const write = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const { head, data: shown } = useCompare.getState()
        if (head.isPlaying || shown !== data) return
        written.current = presentAddress(data)
        goTo(written.current, { replace: true })
      }, 350)
    }
    const stop = useCompare.subscribe((state, old) => {
      if (state.head !== old.head || state.mode !== old.mode || state.metrics !== old.metrics) write()
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [data])
  useEffect(() => endComparison, [data])
}

const sourcesOf = ({ runs, clips }: OpenComparison): CompareAddress => ({
  runIds: runs.map(({ id }) => id),
  clips: clips.map(({ path }) => path),
})

function presentAddress(data: OpenComparison): string {
  const { head, mode, metrics } = useCompare.getState()
  const frame = data.runs.length > 0 ? data.runs[0].frameIndex[head.position] : head.position
  return formatAddress({
    ...sourcesOf(data),
    ...(frame >= 0 ? { frame } : { name: data.names[head.position] }),
    mode,
    ...(metrics[0] === undefined ? {} : { metric: metrics[0] }),
    ...(head.loop ? { loop: [head.loop[0], head.loop[1]] } : {}),
  })
}

function positionOf(data: OpenComparison, { frame, name, at, metric }: CompareAddress): number | undefined {
  const info = data.metrics.find(({ id }) => id === metric) ?? data.metrics[0]
  const column = at && info && data.runs[0]?.columns.get(info.id)
  if (at && column) return extremes(column, info.direction, at, 1)[0]
  const byName = name === undefined ? -1 : data.names.indexOf(name)
  if (byName >= 0) return byName
  if (frame === undefined) return undefined
  if (data.runs.length === 0) return Math.min(frame, data.names.length - 1)
  const byFrame = data.runs[0].frameIndex.indexOf(frame)
  return byFrame >= 0 ? byFrame : undefined
}
