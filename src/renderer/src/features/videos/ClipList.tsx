import { ChevronLeft, ChevronRight, Columns2, FolderSearch, Play, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoredClip } from '../../../../shared/contract/videos.ts'
import { useCapabilities } from '../../api/connection.ts'
import { mediaUrl } from '../../api/media.ts'
import { useEngineQuery } from '../../api/queries.ts'
import { goTo } from '../../app/hashLocation.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { formatBytes, formatCount, formatDuration } from '../../ui/format.ts'
import { Moment } from '../../ui/Moment.tsx'
import { Panel } from '../../ui/Panel.tsx'
import { PathText } from '../../ui/PathText.tsx'
import { Answer, Empty } from '../../ui/states.tsx'
import { Thumb } from '../../ui/Thumb.tsx'
import css from './VideosPage.module.css'

const nameOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path
const folderOf = (path: string) => path.slice(0, -nameOf(path).length)
const formatOf = (path: string) => (path.split('.').at(-1) ?? '').toUpperCase()
/** Clips are short: `1.2 s` and `0.4 s` are not the same. */
const formatLength = (seconds: number) =>
  seconds < 10 ? `${Number(seconds.toFixed(1))}\u2009s` : formatDuration(seconds)

/** Which frames a clip shows: evaluation run and map, else the last parts of the folder. */
function sourceOf({ settings }: StoredClip): string {
  const parts = String(settings.predictionDir ?? '').split(/[\\/]/)
  const at = parts.lastIndexOf('gen_imgs')
  return at >= 2 ? [parts[at - 2], ...parts.slice(at + 1)].join(' · ') : parts.slice(-2).join('/')
}

/** The clips that were made, as posters; a chosen one plays above them. */
export function ClipList() {
  const { t } = useTranslation('videos')
  const query = useEngineQuery('videos.list', {})
  const [playingId, setPlayingId] = useState<string>()
  return (
    <div className={css.clips}>
      <Answer query={query}>
        {(clips) => {
          const index = clips.findIndex(({ id }) => id === playingId)
          return (
            <>
              {index >= 0 && (
                <Player
                  key={clips[index].id}
                  clip={clips[index]}
                  previous={clips[index - 1]}
                  next={clips[index + 1]}
                  onChoose={(clip) => setPlayingId(clip?.id)}
                />
              )}
              <Panel
                title={t('list.title')}
                note={clips.length === 0 ? undefined : formatCount(clips.length)}
                flush
                className={css.listPanel}
              >
                {clips.length === 0 ? (
                  <Empty>{t('list.empty')}</Empty>
                ) : (
                  <Posters clips={clips} playingId={playingId} onPlay={setPlayingId} />
                )}
              </Panel>
            </>
          )
        }}
      </Answer>
    </div>
  )
}

function Posters({
  clips,
  playingId,
  onPlay,
}: {
  clips: readonly StoredClip[]
  playingId: string | undefined
  onPlay(id: string): void
}) {
  const { t } = useTranslation('videos')
  return (
    <ul className={css.posters}>
      {clips.map((clip) => (
        <li key={clip.id}>
          <button
            type="button"
            className={css.poster}
            aria-current={clip.id === playingId || undefined}
            aria-disabled={!clip.isPresent || undefined}
            title={clip.isPresent ? clip.file : t('list.gone')}
            onClick={() => clip.isPresent && onPlay(clip.id)}
          >
            <span className="visuallyHidden">{t('list.play', { name: nameOf(clip.file) })}</span>
            <Strip clip={clip} />
            {clip.isPresent ? (
              <span className={css.length}>
                <Play size={10} fill="currentColor" aria-hidden /> {formatLength(clip.durationSeconds)}
              </span>
            ) : (
              <span className={css.length}>{t('list.goneShort')}</span>
            )}
          </button>
          <div className={css.clipText}>
            <strong>
              {t('list.track', {
                track: clip.track.track,
                first: clip.track.firstFrame,
                last: clip.track.lastFrame,
              })}
            </strong>
            <span title={folderOf(clip.file)}>
              {t(`layouts.${clip.layout}`)} · {formatOf(clip.file)} · <Moment at={clip.createdAt} />
            </span>
            <span title={folderOf(clip.file)}>{sourceOf(clip)}</span>
          </div>
        </li>
      ))}
    </ul>
  )
}

/** One shape for all, so that rows line up; clips stand in it as they are. */
const posterRatio = '16 / 7'

/** Where a clip's own picture stands in the poster, in percent. */
function tilePlace({ width, height }: StoredClip) {
  const share = width / height / (16 / 7)
  const inset = (part: number) => `${50 - 50 * part}%`
  return share < 1 ? { inset: `0 ${inset(share)}` } : { inset: `${inset(1 / share)} 0` }
}

/** The poster; moving the pointer across runs through the clip's small pictures. */
function Strip({ clip }: { clip: StoredClip }) {
  const [share, setShare] = useState<number>()
  const { strip, poster } = clip
  const tile =
    strip && share !== undefined
      ? Math.min(strip.frames.length - 1, Math.floor(share * strip.frames.length))
      : undefined
  return (
    <span
      className={css.strip}
      onMouseMove={({ currentTarget, clientX }) => {
        const { left, width } = currentTarget.getBoundingClientRect()
        setShare((clientX - left) / width)
      }}
      onMouseLeave={() => setShare(undefined)}
    >
      <Thumb
        src={clip.isPresent && poster !== undefined ? mediaUrl(poster, { width: 480 }) : undefined}
        alt=""
        ratio={posterRatio}
      />
      {strip && tile !== undefined && (
        <span
          className={css.tile}
          style={{
            ...tilePlace(clip),
            backgroundImage: `url("${mediaUrl(strip.file)}")`,
            backgroundSize: `${strip.frames.length * 100}% 100%`,
            backgroundPosition: `${strip.frames.length > 1 ? (tile / (strip.frames.length - 1)) * 100 : 0}% 0`,
          }}
        />
      )}
      {share !== undefined && <i className={css.cursor} style={{ left: `${share * 100}%` }} />}
    </span>
  )
}

const openInCompare = ({ file }: StoredClip) => goTo(`/compare?${new URLSearchParams({ clip: file })}`)

function Player({
  clip,
  previous,
  next,
  onChoose,
}: {
  clip: StoredClip
  previous: StoredClip | undefined
  next: StoredClip | undefined
  onChoose(clip: StoredClip | undefined): void
}) {
  const { t } = useTranslation('videos')
  const { canReveal } = useCapabilities()
  const [isBroken, setBroken] = useState(false)
  const isPicture = /\.(webp|gif)$/i.test(clip.file)
  const facts = t('list.playlistFrames', {
    frames: formatCount(clip.frames),
    fps: String(Number(clip.fps.toFixed(3))),
    size: formatBytes(clip.bytes),
  })
  return (
    <section className={css.player} aria-label={nameOf(clip.file)}>
      <div className={css.stage}>
        {isBroken ? (
          <Empty
            action={
              <Button icon={Columns2} onClick={() => openInCompare(clip)}>
                {t('list.compare')}
              </Button>
            }
          >
            {t('list.cannotPlay')}
          </Empty>
        ) : isPicture ? (
          <img src={mediaUrl(clip.file)} alt={nameOf(clip.file)} onError={() => setBroken(true)} />
        ) : (
          // Clips have no sound, so there is nothing to caption.
          <video
            src={mediaUrl(clip.file)}
            style={{ aspectRatio: `${clip.width} / ${clip.height}` }}
            controls
            autoPlay
            loop
            muted
            playsInline
            onError={() => setBroken(true)}
          />
        )}
      </div>
      <div className={css.playerBar}>
        <IconButton
          icon={ChevronLeft}
          label={t('list.previous')}
          disabledReason={previous ? undefined : t('list.previous')}
          onClick={() => onChoose(previous)}
        />
        <IconButton
          icon={ChevronRight}
          label={t('list.next')}
          disabledReason={next ? undefined : t('list.next')}
          onClick={() => onChoose(next)}
        />
        <PathText path={clip.file} longest={60} />
        <CopyButton text={clip.file} />
        {canReveal && (
          <IconButton
            icon={FolderSearch}
            size={14}
            label={t('list.reveal')}
            onClick={() => void window.parallax?.reveal(clip.file)}
          />
        )}
        <IconButton icon={Columns2} label={t('list.compare')} onClick={() => openInCompare(clip)} />
        <span className={css.playerFacts}>{facts}</span>
        <IconButton icon={X} label={t('list.close')} onClick={() => onChoose(undefined)} />
      </div>
    </section>
  )
}
