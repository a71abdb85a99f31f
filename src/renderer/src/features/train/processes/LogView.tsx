import { ArrowDownToLine, WrapText } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineStream } from '../../../api/queries.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { formatBytes, formatCount } from '../../../ui/format.ts'
import { TextInput } from '../../../ui/inputs.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { createLogBuffer, type LogBuffer } from './logBuffer.ts'
import css from './processes.module.css'

const lineHeight = 18
const overscan = 20
/** Scrolling this soon after a wheel, key or pointer is the person's. */
const handlingMs = 400
/** How much of an output that is already there is shown first, and by how much more at a time. */
const firstBytes = 4_000_000
const moreTimes = 8
/** More lines than this are too many for a copy. */
const mostCopied = 20_000

/** Whose output is shown: a process of this machine, or a job (or task of an array) of Slurm. */
export type LogSource = { kind: 'process' | 'slurm'; id: string }

/** What a process or job writes, as it writes it. Only the visible lines are in the document. */
export function LogView({ source }: { source: LogSource }) {
  const { t } = useTranslation('train')
  const [stream, setStream] = useState<'stdout' | 'stderr'>('stdout')
  const [lastBytes, setLastBytes] = useState(firstBytes)
  return (
    <Output
      key={`${source.kind} ${source.id} ${stream} ${lastBytes}`}
      source={source}
      stream={stream}
      lastBytes={lastBytes}
      onMore={() => setLastBytes(lastBytes * moreTimes)}
      tabs={
        <Tabs
          label={t('log.streams')}
          tabs={[
            { id: 'stdout', title: 'stdout' },
            { id: 'stderr', title: 'stderr' },
          ]}
          value={stream}
          onChange={(chosen: 'stdout' | 'stderr') => setStream(chosen)}
        />
      }
    />
  )
}

function Output(props: {
  source: LogSource
  stream: 'stdout' | 'stderr'
  lastBytes: number
  onMore(): void
  tabs: ReactNode
}) {
  const { source, stream, lastBytes, onMore, tabs } = props
  const { t } = useTranslation('train')
  const { buffer, version, skippedBytes } = useOutput(source, stream, lastBytes)
  const [text, setText] = useState('')
  const [isWrapped, setWrapped] = useState(false)
  const wanted = text.trim().toLowerCase()
  const lines = useMemo(
    () => (wanted === '' ? buffer.lines : buffer.lines.filter((line) => line.toLowerCase().includes(wanted))),
    // The buffer is one object for the whole stream; its version says that it has grown.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [buffer, version, wanted],
  )
  const count = lines.length - (lines[lines.length - 1] === '' ? 1 : 0)
  return (
    <Panel
      title={tabs}
      note={t('log.lines', { lines: formatCount(count + buffer.dropped) })}
      actions={
        <>
          <div className={css.logFind}>
            <TextInput
              value={text}
              onChange={setText}
              placeholder={t('log.find')}
              aria-label={t('log.find')}
            />
          </div>
          <IconButton
            icon={WrapText}
            label={t('log.wrap')}
            isOn={isWrapped}
            onClick={() => setWrapped(!isWrapped)}
          />
          <CopyButton text={lines.slice(-mostCopied).join('\n')} label={t('log.copy')} />
        </>
      }
      flush
      className={css.logPanel}
    >
      {skippedBytes > 0 && buffer.dropped === 0 && (
        <p className={css.dropped}>
          {t('log.skipped', { shown: formatBytes(lastBytes) })}{' '}
          <Button size="small" onClick={onMore}>
            {t('log.earlier')}
          </Button>
        </p>
      )}
      {buffer.dropped > 0 && (
        <p className={css.dropped}>{t('log.dropped', { lines: formatCount(buffer.dropped) })}</p>
      )}
      <Lines lines={lines} count={count} dropped={wanted === '' ? buffer.dropped : 0} isWrapped={isWrapped} />
    </Panel>
  )
}

/** The output in a buffer, from `lastBytes` before its present end on; `version` grows with it, at most once per drawn picture. */
function useOutput(
  { kind, id }: LogSource,
  stream: 'stdout' | 'stderr',
  lastBytes: number,
): { buffer: LogBuffer; version: number; skippedBytes: number } {
  const [buffer] = useState(() => createLogBuffer())
  const [version, setVersion] = useState(0)
  const [skippedBytes, setSkippedBytes] = useState(0)
  const isScheduled = useRef(0)
  useEffect(() => () => cancelAnimationFrame(isScheduled.current), [])
  const redraw = () => {
    if (isScheduled.current !== 0) return
    isScheduled.current = requestAnimationFrame(() => {
      isScheduled.current = 0
      setVersion((present) => present + 1)
    })
  }
  useEngineStream(
    kind === 'process' ? 'training.tail' : 'slurm.tail',
    { stream, lastBytes, ...(kind === 'process' ? { id } : { jobId: id }) },
    {
      onEvent: (piece) => {
        if (piece.beginsAt !== undefined) setSkippedBytes(piece.beginsAt)
        buffer.append(piece.text)
        redraw()
      },
      // Opened again, the stream begins with the last bytes once more.
      onReopen: () => buffer.clear(),
    },
  )
  return { buffer, version, skippedBytes }
}

/** Stays at the end while one is there; once scrolled up it stays where it is. */
function Lines(props: {
  lines: readonly string[]
  count: number
  /** How many lines went from the beginning of `lines` so far. */
  dropped: number
  isWrapped: boolean
}) {
  const { lines, count, dropped, isWrapped } = props
  const { t } = useTranslation('train')
  const box = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)
  const handledAt = useRef(-Infinity)
  const seenDropped = useRef(dropped)
  const [view, setView] = useState({ top: 0, height: 400 })
  const [hasLeftEnd, setLeftEnd] = useState(false)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() =>
      setView((present) => ({ ...present, height: element.clientHeight })),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (isAtEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [count, dropped, isWrapped])
  useEffect(() => {
    const gone = dropped - seenDropped.current
    seenDropped.current = dropped
    // What is being read stays under the eyes when earlier lines go.
    if (!isAtEnd.current && box.current && gone > 0) box.current.scrollTop -= gone * lineHeight
  }, [dropped])
  const handle = () => {
    handledAt.current = performance.now()
  }
  // Wrapped lines have no common height, so only the last ones are shown that way.
  const from = isWrapped
    ? Math.max(0, count - 2000)
    : Math.max(0, Math.floor(view.top / lineHeight) - overscan)
  const to = isWrapped ? count : Math.min(count, Math.ceil((view.top + view.height) / lineHeight) + overscan)
  return (
    <div
      ref={box}
      className={css.log}
      data-wrapped={isWrapped || undefined}
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={t('log.title')}
      onWheel={handle}
      onKeyDown={handle}
      onPointerDown={handle}
      onPointerMove={({ buttons }) => buttons > 0 && handle()}
      onTouchMove={handle}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const isThere = scrollHeight - scrollTop - clientHeight < 2 * lineHeight
        // New lines move the end away as well: only a person's own scrolling leaves it.
        if (isThere || performance.now() - handledAt.current < handlingMs) isAtEnd.current = isThere
        setLeftEnd(!isAtEnd.current)
        setView((present) => ({ ...present, top: scrollTop }))
      }}
    >
      {count === 0 ? (
        <p className={css.logEmpty}>{t('log.empty')}</p>
      ) : (
        <div style={isWrapped ? undefined : { height: count * lineHeight, position: 'relative' }}>
          <pre style={isWrapped ? undefined : { position: 'absolute', top: from * lineHeight }}>
            {lines.slice(from, to).join('\n')}
          </pre>
        </div>
      )}
      {hasLeftEnd && (
        <div className={css.toEnd}>
          <IconButton
            icon={ArrowDownToLine}
            label={t('log.toEnd')}
            onClick={() => {
              isAtEnd.current = true
              if (box.current) box.current.scrollTop = box.current.scrollHeight
            }}
          />
        </div>
      )}
    </div>
  )
}
