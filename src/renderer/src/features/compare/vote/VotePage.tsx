import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { engine } from '../../../api/connection.ts'
import { invalidate, useEngineQuery } from '../../../api/queries.ts'
import { goTo, useRouteQuery } from '../../../app/hashLocation.ts'
import { Button } from '../../../ui/Button.tsx'
import { Field } from '../../../ui/Field.tsx'
import { NumberInput } from '../../../ui/inputs.tsx'
import { Moment } from '../../../ui/Moment.tsx'
import { Page } from '../../../ui/Page.tsx'
import { Panel } from '../../../ui/Panel.tsx'
import { Answer, Empty, Failed, Skeleton } from '../../../ui/states.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Ballot } from './Ballot.tsx'
import css from './VotePage.module.css'
import { VoteResultPanel } from './VoteResultPanel.tsx'

const fail = (error: unknown) =>
  void toast({ look: 'failed', text: error instanceof Error ? error.message : String(error) })

/** Blind votes: begin one, go on with one, see what came out. */
export function VotePage() {
  const { t } = useTranslation('compare')
  const [query] = useRouteQuery()
  const session = query.get('session')
  const runIds = (query.get('runs') ?? '').split(',').filter((id) => id !== '')
  if (session !== null)
    return query.get('result') === null ? <Ballot sessionId={session} /> : <Result sessionId={session} />
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

function Result({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation('compare')
  const query = useEngineQuery('compare.votes', { sessionId }, { staleTime: 0 })
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Skeleton lines={10} height="100%" />
  const { session, votes } = query.data
  return (
    <Page
      title={t('vote.result')}
      about={<span translate="no">{session.map}</span>}
      actions={
        <>
          {votes.length < session.questions && (
            <Button onClick={() => goTo(`/compare/vote?session=${session.id}`)}>{t('vote.resume')}</Button>
          )}
          <Button icon={ArrowLeft} onClick={() => goTo(`/compare?runs=${session.runIds.join(',')}`)}>
            {t('vote.back')}
          </Button>
        </>
      }
    >
      <VoteResultPanel session={session} votes={votes} />
    </Page>
  )
}
