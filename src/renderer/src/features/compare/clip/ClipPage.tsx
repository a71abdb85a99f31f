import { Film, Pause, Play, StepBack, StepForward } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { StoredClip } from '../../../../../shared/contract/videos.ts'
import { mediaUrl } from '../../../api/media.ts'
import { useEngineQuery } from '../../../api/queries.ts'
import { useCommandList, type Command } from '../../../app/commands.ts'
import { goTo, useRouteQuery } from '../../../app/hashLocation.ts'
import { useTrail } from '../../../app/trailStore.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { formatCount } from '../../../ui/format.ts'
import { Answer, Empty } from '../../../ui/states.tsx'
import { keysOf } from '../compareKeys.ts'
import { speeds } from '../playback/playhead.ts'
import css from './ClipPage.module.css'
import { frameOfTimestamp, timeOfFrame } from './clipFrames.ts'

/** An exported clip, played and stepped through frame by frame. */
export function ClipPage() {
  const { t } = useTranslation('compare')
  const [query] = useRouteQuery()
  const clips = useEngineQuery('videos.list', {})
  const toVideos = (
    <Button icon={Film} onClick={() => goTo('/videos')}>
      {t('clip.toVideos')}
    </Button>
  )
  return (
    <Answer query={clips}>
      {(all) => {
        const clip = all.find(({ id }) => id === query.get('id'))
        if (!clip) return <Empty action={toVideos}>{t('clip.gone')}</Empty>
        if (!clip.isPresent) return <Empty action={toVideos}>{t('clip.absent')}</Empty>
        return <Clip key={clip.id} clip={clip} first={Number(query.get('frame') ?? 0) || 0} />
      }}
    </Answer>
  )
}

function Clip({ clip, first }: { clip: StoredClip; first: number }) {
  const { t } = useTranslation('compare')
  const video = useRef<HTMLVideoElement>(null)
  const [shown, setShown] = useState<number>()
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState(1)
  const [isBroken, setBroken] = useState(false)
  const name = clip.file.replace(/^.*[/\\]/, '')
  useTrail(name)
  const asked = useRef(first)
  const last = clip.frames - 1

  useEffect(() => {
    const element = video.current
    if (!element) return
    // The frame that is really on the screen, as the decoder says; never what was merely asked for.
    let request = element.requestVideoFrameCallback(function onFrame(_now, { mediaTime }) {
      const frame = frameOfTimestamp(mediaTime, clip.fps)
      setShown(frame)
      if (!element.paused) asked.current = frame
      request = element.requestVideoFrameCallback(onFrame)
    })
    return () => element.cancelVideoFrameCallback(request)
  }, [clip.fps])

  const commands = useMemo((): Command[] => {
    const go = (frame: number) => {
      if (!video.current) return
      video.current.pause()
      asked.current = Math.min(last, Math.max(0, frame))
      video.current.currentTime = timeOfFrame(asked.current, clip.fps)
    }
    const command = (id: keyof typeof keysOf, perform: () => void): Command => ({
      id: `clip.${id}`,
      title: t(`command.${id as 'play'}`),
      keys: keysOf[id],
      scope: 'page',
      perform,
    })
    return [
      command('play', () => {
        if (!video.current) return
        if (video.current.paused) void video.current.play().catch(() => setBroken(true))
        else go(asked.current)
      }),
      command('previous', () => go(asked.current - 1)),
      command('next', () => go(asked.current + 1)),
      command('previous10', () => go(asked.current - 10)),
      command('next10', () => go(asked.current + 10)),
      command('first', () => go(0)),
      command('last', () => go(last)),
    ]
  }, [t, clip.fps, last])
  useCommandList('clip', commands)
  const perform = (id: string) => commands.find((command) => command.id === `clip.${id}`)?.perform()

  const setRate = (rate: number) => {
    setSpeed(rate)
    if (video.current) video.current.playbackRate = rate
  }
  return (
    <div className={css.page}>
      <h1 className="visuallyHidden">{t('clip.title')}</h1>
      <div className={css.stage}>
        {isBroken ? (
          <Empty>{t('clip.unplayable', { format: name.replace(/^.*\./, '').toUpperCase() })}</Empty>
        ) : (
          <video
            ref={video}
            src={mediaUrl(clip.file)}
            crossOrigin="anonymous"
            muted
            playsInline
            preload="auto"
            data-position={shown}
            onLoadedMetadata={({ currentTarget }) =>
              (currentTarget.currentTime = timeOfFrame(Math.min(last, Math.max(0, asked.current)), clip.fps))
            }
            onPlay={() => setPlaying(true)}
            onPause={() => setPlaying(false)}
            onError={() => setBroken(true)}
          />
        )}
      </div>
      <input
        type="range"
        className={css.scrub}
        min={0}
        max={last}
        value={shown ?? 0}
        aria-label={t('transport.frameField')}
        onChange={(event) => {
          if (!video.current) return
          asked.current = Number(event.currentTarget.value)
          video.current.currentTime = timeOfFrame(asked.current, clip.fps)
        }}
      />
      <div className={css.bar} role="toolbar" aria-label={t('transport.label')}>
        <IconButton
          icon={StepBack}
          label={t('command.previous')}
          keys={keysOf.previous}
          onClick={() => perform('previous')}
        />
        <IconButton
          icon={isPlaying ? Pause : Play}
          label={t('command.play')}
          keys={keysOf.play}
          onClick={() => perform('play')}
        />
        <IconButton
          icon={StepForward}
          label={t('command.next')}
          keys={keysOf.next}
          onClick={() => perform('next')}
        />
        <span className={css.number}>
          {t('transport.frame')} <b>{shown === undefined ? '–' : formatCount(shown + 1)}</b> /{' '}
          {formatCount(clip.frames)}
        </span>
        <span className={css.name} title={clip.file}>
          {name}
        </span>
        <select
          className={css.speed}
          aria-label={t('transport.speed')}
          value={speed}
          onChange={(event) => setRate(Number(event.target.value))}
        >
          {speeds.map((rate) => (
            <option key={rate} value={rate}>
              {rate}×
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
