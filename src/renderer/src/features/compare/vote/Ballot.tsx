import { Undo2 } from 'lucide-react'
import { useEffect, useMemo, useState, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { BallotQuestion } from '../../../../../shared/contract/compare.ts'
import type { VoteChoice } from '../../../../../shared/domain/compare/votes.ts'
import { engine } from '../../../api/connection.ts'
import { mediaUrl } from '../../../api/media.ts'
import { invalidate, useEngineQuery } from '../../../api/queries.ts'
import { useCommandList, type Command } from '../../../app/commands.ts'
import { goTo } from '../../../app/hashLocation.ts'
import { Button } from '../../../ui/Button.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Page } from '../../../ui/Page.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { Empty, Failed, Skeleton } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from './VotePage.module.css'

const fail = (error: unknown) =>
  void toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })

/**
 * The questions of an open vote, one after the other. The engine gives this page copies of the pictures whose names say
 * nothing, and no names of runs: they are nowhere to be found while the vote is open.
 */
export function Ballot({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation('compare')
  const query = useEngineQuery('compare.ballot', { sessionId }, { staleTime: 0 })
  const [showsTruth, setShowsTruth] = useState(true)
  const commands = useVoteCommands(sessionId, query.data?.next, () => setShowsTruth((shown) => !shown))
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={10} height="100%" />
  const { session, next, after } = query.data
  const showResult = () => goTo(`/compare/vote?session=${session.id}&result`)
  return (
    <Page
      title={t('vote.title')}
      about={
        <>
          <span>
            {next ? t('vote.of', { at: session.votes + 1, count: session.questions }) : t('vote.done')}
          </span>
          <span className={css.progress}>
            <ProgressBar value={session.votes / session.questions} label={t('vote.title')} />
          </span>
        </>
      }
      actions={
        <>
          <Button
            icon={Undo2}
            disabledReason={session.votes === 0 ? t('vote.noVotes') : undefined}
            onClick={commands.undo.perform}
          >
            {t('vote.undo')}
          </Button>
          <Button disabledReason={session.votes === 0 ? t('vote.noVotes') : undefined} onClick={showResult}>
            {t('vote.reveal')}
          </Button>
        </>
      }
      fill
    >
      {next ? (
        <div className={css.ballot}>
          <Pictures question={next} showsTruth={showsTruth} commands={commands} />
          <div className={css.answers}>
            <button type="button" className={css.tie} onClick={commands.tie.perform}>
              {t('vote.tie')} <KeyHint keys="arrowdown" />
            </button>
            <button type="button" className={css.tie} onClick={commands.flip.perform}>
              {t('vote.flip')} <KeyHint keys="space" />
            </button>
          </div>
          {after && (
            <div hidden>
              {[after.left, after.right, after.reference].map((path) => (
                <img key={path} src={mediaUrl(path)} alt="" />
              ))}
            </div>
          )}
        </div>
      ) : (
        <Empty
          action={
            <Button look="primary" onClick={showResult}>
              {t('vote.reveal')}
            </Button>
          }
        >
          {t('vote.done')}
        </Empty>
      )}
    </Page>
  )
}

type VoteCommands = Record<'left' | 'right' | 'tie' | 'undo' | 'flip', Command>

/** What can be done, by key or by pointer. */
function useVoteCommands(
  sessionId: string,
  next: BallotQuestion | undefined,
  flip: () => void,
): VoteCommands {
  const { t } = useTranslation('compare')
  const [stopwatch] = useState(newStopwatch)
  const [isBusy, setBusy] = useState(false)
  const question = next?.question
  useEffect(() => stopwatch.restart(), [stopwatch, question])

  const act = (doing: Promise<unknown>) => {
    setBusy(true)
    void doing
      .then(() => invalidate('compare.ballot', 'compare.voteSessions'))
      .catch(fail)
      .finally(() => setBusy(false))
  }
  const vote = (choice: VoteChoice) => {
    if (question === undefined || isBusy) return
    act(engine().call('compare.vote', { sessionId, question, choice, seconds: stopwatch.seconds() }))
  }
  const command = (id: string, title: string, keys: string, perform: () => void): Command => ({
    id: `vote.${id}`,
    title,
    keys,
    perform,
    scope: 'page',
  })
  const commands: VoteCommands = {
    left: command('left', t('vote.left'), 'arrowleft', () => vote('left')),
    right: command('right', t('vote.right'), 'arrowright', () => vote('right')),
    tie: command('tie', t('vote.tie'), 'arrowdown', () => vote('tie')),
    undo: command('undo', t('vote.undo'), 'backspace', () => {
      if (!isBusy) act(engine().call('compare.undoVote', { sessionId }))
    }),
    flip: command('flip', t('vote.flip'), 'space', flip),
  }
  useCommandList('vote', Object.values(commands))
  return commands
}

/** Measures how long a person looked before the answer. */
function newStopwatch() {
  let since = 0
  return {
    restart: () => void (since = performance.now()),
    seconds: () => (performance.now() - since) / 1000,
  }
}

function Pictures({
  question,
  showsTruth,
  commands,
}: {
  question: BallotQuestion
  showsTruth: boolean
  commands: VoteCommands
}) {
  const { t } = useTranslation('compare')
  // All pictures take the shape of the ground truth, as metrics do; a square one would give its run away.
  const [shape, setShape] = useState<string>()
  const style = useMemo(() => ({ '--shape': shape }) as CSSProperties, [shape])
  return (
    <div className={css.pictures} data-three={showsTruth || undefined} style={style}>
      <Side
        src={mediaUrl(question.left)}
        label={t('vote.left')}
        keys="arrowleft"
        onVote={commands.left.perform}
      />
      {/* Hidden, not gone: its shape is needed, and it comes back without a flash. */}
      <figure className={css.truth} hidden={!showsTruth}>
        <span className={css.frame}>
          <img
            src={mediaUrl(question.reference)}
            alt={t('truth')}
            draggable={false}
            onLoad={({ currentTarget }) =>
              setShape(`${currentTarget.naturalWidth} / ${currentTarget.naturalHeight}`)
            }
          />
        </span>
        <figcaption>{t('truth')}</figcaption>
      </figure>
      <Side
        src={mediaUrl(question.right)}
        label={t('vote.right')}
        keys="arrowright"
        onVote={commands.right.perform}
      />
    </div>
  )
}

function Side({ src, label, keys, onVote }: { src: string; label: string; keys: string; onVote(): void }) {
  return (
    <button type="button" className={css.side} onClick={onVote}>
      <span className={css.frame}>
        <img src={src} alt={label} draggable={false} />
      </span>
      <span className={css.word}>
        {label} <KeyHint keys={keys} />
      </span>
    </button>
  )
}
