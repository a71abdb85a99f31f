import { ArrowLeft, Undo2 } from 'lucide-react'
import { useEffect, useMemo, useState, type CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { ballot, type Question, type VoteChoice } from '../../../../../shared/domain/compare/votes.ts'
import type { VoteSession } from '../../../../../shared/contract/compare.ts'
import { engine } from '../../../api/connection.ts'
import { mediaUrl } from '../../../api/media.ts'
import { invalidate, useEngineQuery } from '../../../api/queries.ts'
import { useCommandList, type Command } from '../../../app/commands.ts'
import { goTo, useRouteQuery } from '../../../app/hashLocation.ts'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { NumberInput } from '../../../ui/inputs.tsx'
import { KeyHint } from '../../../ui/KeyHint.tsx'
import { Moment } from '../../../ui/Moment.tsx'
import { Page } from '../../../ui/Page.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { ProgressBar } from '../../../ui/ProgressBar.tsx'
import { Answer, Empty, Failed, Skeleton } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.ts'
import css from './VotePage.module.css'
import { VoteResultPanel } from './VoteResultPanel.tsx'

const fail = (error: unknown) =>
  void toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })

/** Blind votes: begin one, go on with one, see what came out. Names of runs are nowhere while a vote is open. */
export function VotePage() {
  const { t } = useTranslation('compare')
  const [query] = useRouteQuery()
  const session = query.get('session')
  const runIds = (query.get('runs') ?? '').split(',').filter((id) => id !== '')
  if (session !== null) return <OpenVote sessionId={session} isResult={query.get('result') !== null} />
  return (
    <Page title={t('vote.title')} about={<span>{t('vote.about')}</span>}>
      <div className={css.start}>
        <Begin runIds={runIds} />
        <Sessions />
      </div>
    </Page>
  )
}

function Begin({ runIds }: { runIds: string[] }) {
  const { t } = useTranslation('compare')
  const [questions, setQuestions] = useState<number | undefined>(40)
  const begin = () =>
    engine()
      .call('compare.startVote', { runIds, questions: questions ?? 40 })
      .then(({ id }) => {
        invalidate('compare.voteSessions')
        goTo(`/compare/vote?session=${id}`)
      })
      .catch(fail)
  return (
    <Panel title={t('vote.begin')}>
      <div className={css.begin}>
        <Field label={t('vote.questions')}>
          <NumberInput value={questions} onChange={setQuestions} min={1} max={2000} isWhole />
        </Field>
        <Button
          look="primary"
          disabledReason={runIds.length < 2 ? t('vote.needsTwo') : undefined}
          onClick={() => void begin()}
        >
          {t('vote.begin')}
        </Button>
      </div>
    </Panel>
  )
}

function Sessions() {
  const { t } = useTranslation('compare')
  const query = useEngineQuery('compare.voteSessions', {})
  return (
    <Panel title={t('vote.sessions')} flush>
      <Answer query={query}>
        {(sessions) =>
          sessions.length === 0 ? (
            <Empty>{t('vote.about')}</Empty>
          ) : (
            <ul className={css.sessions}>
              {sessions.map((session) => (
                <li key={session.id}>
                  <span translate="no">{session.map}</span>
                  <span>{t('vote.votes', { count: session.votes })}</span>
                  <Moment at={session.createdAt} />
                  <Button
                    size="small"
                    onClick={() =>
                      goTo(
                        `/compare/vote?session=${session.id}${session.votes >= session.questions ? '&result' : ''}`,
                      )
                    }
                  >
                    {session.votes >= session.questions ? t('vote.result') : t('vote.resume')}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function OpenVote({ sessionId, isResult }: { sessionId: string; isResult: boolean }) {
  const { t } = useTranslation('compare')
  const query = useEngineQuery('compare.votes', { sessionId }, { staleTime: 0 })
  const comparison = useEngineQuery(
    'compare.open',
    { runIds: query.data?.session.runIds ?? [] },
    { enabled: query.data !== undefined, staleTime: Infinity },
  )
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (comparison.error) return <Failed error={comparison.error} retry={() => void comparison.refetch()} />
  if (!query.data || !comparison.data) return <Skeleton lines={10} height="100%" />
  const { session, votes } = query.data
  if (isResult)
    return (
      <Page
        title={t('vote.result')}
        about={<span translate="no">{session.map}</span>}
        actions={
          <Button icon={ArrowLeft} onClick={() => goTo(`/compare?runs=${session.runIds.join(',')}`)}>
            {t('vote.back')}
          </Button>
        }
      >
        <VoteResultPanel session={session} votes={votes} />
      </Page>
    )
  return (
    <Ballot
      session={session}
      answered={new Set(votes.map(({ question }) => question))}
      folders={comparison.data.runs.map(({ predictionDir }) => predictionDir)}
      referenceDir={comparison.data.referenceDir}
    />
  )
}

/** Measures how long a person looked before the answer. */
function newStopwatch() {
  let since = 0
  return {
    restart: () => void (since = performance.now()),
    seconds: () => (performance.now() - since) / 1000,
  }
}

function Ballot({
  session,
  answered,
  folders,
  referenceDir,
}: {
  session: VoteSession
  answered: ReadonlySet<number>
  folders: readonly string[]
  referenceDir: string
}) {
  const { t } = useTranslation('compare')
  const questions = useMemo(
    () => ballot(session.frames, session.runIds.length, session.questions, session.seed),
    [session],
  )
  const at = questions.findIndex((_, index) => !answered.has(index))
  const question: Question | undefined = questions[at]
  const [showsTruth, setShowsTruth] = useState(true)
  const [stopwatch] = useState(newStopwatch)
  const [isBusy, setBusy] = useState(false)
  // All pictures take the shape of the ground truth, as metrics do; a square one would give its run away.
  const [shape, setShape] = useState<string>()
  useEffect(() => stopwatch.restart(), [stopwatch, at])

  const commands = useMemo((): Command[] => {
    const refresh = () => invalidate('compare.votes', 'compare.voteSessions')
    const vote = (choice: VoteChoice) => {
      if (question === undefined || isBusy) return
      setBusy(true)
      void engine()
        .call('compare.vote', {
          sessionId: session.id,
          question: at,
          choice,
          seconds: stopwatch.seconds(),
        })
        .then(refresh)
        .catch(fail)
        .finally(() => setBusy(false))
    }
    const command = (id: string, title: string, keys: string, perform: () => void): Command => ({
      id: `vote.${id}`,
      title,
      keys,
      perform,
      scope: 'page',
    })
    return [
      command('left', t('vote.left'), 'arrowleft', () => vote('left')),
      command('right', t('vote.right'), 'arrowright', () => vote('right')),
      command('tie', t('vote.tie'), 'arrowdown', () => vote('tie')),
      command(
        'undo',
        t('vote.undo'),
        'backspace',
        () => void engine().call('compare.undoVote', { sessionId: session.id }).then(refresh).catch(fail),
      ),
      command('flip', t('vote.flip'), 'space', () => setShowsTruth((shown) => !shown)),
    ]
  }, [t, at, question, stopwatch, isBusy, session.id])
  useCommandList('vote', commands)

  const url = (folder: string, name: string) => mediaUrl(`${folder}/${name}`)
  const next = questions.find((_, index) => index > at && !answered.has(index))
  return (
    <Page
      title={t('vote.title')}
      about={
        <>
          <span>
            {question ? t('vote.of', { at: answered.size + 1, count: questions.length }) : t('vote.done')}
          </span>
          <span className={css.progress}>
            <ProgressBar value={answered.size / questions.length} label={t('vote.title')} />
          </span>
        </>
      }
      actions={
        <>
          <Button
            icon={Undo2}
            disabledReason={answered.size === 0 ? t('vote.undo') : undefined}
            onClick={() => commands[3].perform()}
          >
            {t('vote.undo')}
          </Button>
          <Button
            disabledReason={answered.size === 0 ? t('vote.unclear') : undefined}
            onClick={() => goTo(`/compare/vote?session=${session.id}&result`)}
          >
            {t('vote.reveal')}
          </Button>
        </>
      }
      fill
    >
      {question ? (
        <div className={css.ballot}>
          <div
            className={css.pictures}
            data-three={showsTruth || undefined}
            style={{ '--shape': shape } as CSSProperties}
          >
            <Side
              src={url(folders[question.left], question.frame)}
              label={t('vote.left')}
              keys="arrowleft"
              onVote={commands[0].perform}
            />
            {showsTruth && (
              <figure className={css.truth}>
                <span className={css.frame}>
                  <img
                    src={url(referenceDir, question.frame)}
                    alt={t('truth')}
                    draggable={false}
                    onLoad={({ currentTarget }) =>
                      setShape(`${currentTarget.naturalWidth} / ${currentTarget.naturalHeight}`)
                    }
                  />
                </span>
                <figcaption>{t('truth')}</figcaption>
              </figure>
            )}
            <Side
              src={url(folders[question.right], question.frame)}
              label={t('vote.right')}
              keys="arrowright"
              onVote={commands[1].perform}
            />
          </div>
          <button type="button" className={css.tie} onClick={commands[2].perform}>
            {t('vote.tie')} <KeyHint keys="arrowdown" />
          </button>
          {next && (
            <div hidden>
              {[folders[next.left], folders[next.right], referenceDir].map((folder) => (
                <img key={folder} src={url(folder, next.frame)} alt="" />
              ))}
            </div>
          )}
        </div>
      ) : (
        <Empty
          action={
            <Button look="primary" onClick={() => goTo(`/compare/vote?session=${session.id}&result`)}>
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
