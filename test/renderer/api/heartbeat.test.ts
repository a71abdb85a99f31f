import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHeartbeat } from '../../../src/renderer/src/api/heartbeat.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A heartbeat whose events are written down, on the clock of the test. */
function heartbeat(onPing: () => void = () => {}) {
  const heard: string[] = []
  const beat = createHeartbeat(
    {
      ping: () => {
        heard.push('ping')
        onPing()
      },
      onSilent: (isSilent) => heard.push(isSilent ? 'silent' : 'answers'),
      onDead: () => {
        heard.push('dead')
        beat.stop()
      },
    },
    Date.now,
  )
  return { beat, heard }
}

describe('the heartbeat', () => {
  it('says nothing while every ping is answered', () => {
    const { beat, heard } = heartbeat(() => beat.heard())
    beat.start()
    vi.advanceTimersByTime(60_000)
    expect(new Set(heard)).toEqual(new Set(['ping']))
  })

  it('says that an engine fell silent, once, and gives its line up in the end', () => {
    const { beat, heard } = heartbeat()
    beat.start()
    vi.advanceTimersByTime(20_000)
    expect(heard).toEqual(['ping', 'silent'])
    vi.advanceTimersByTime(60_000)
    expect(heard).toEqual(['ping', 'silent', 'dead'])
  })

  it('says when the engine answers again, and goes on', () => {
    const { beat, heard } = heartbeat()
    beat.start()
    vi.advanceTimersByTime(16_000)
    beat.heard()
    vi.advanceTimersByTime(5_000)
    expect(heard).toEqual(['ping', 'silent', 'answers', 'ping'])
  })

  it('takes no sleep of the machine for silence: what was not asked was not left unanswered', () => {
    const { beat, heard } = heartbeat(() => beat.heard())
    beat.start()
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(heard).toEqual(['ping'])
  })
})
