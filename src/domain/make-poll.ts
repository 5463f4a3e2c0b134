import type { Ctx } from '../rpc/context.ts'
import { type ErrorName, RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'
import type { PeerRef } from './access.ts'
import { nameUsers, styleText } from './entities.ts'
import { newFileId } from './files.ts'
import type { Carried } from './message-view.ts'
import { toPeer } from './peers.ts'
import { optionKey } from './polls.ts'

/** Published bounds of polls. https://core.telegram.org/api/poll */
export const POLL = {
  answers: 12,
  question: 255,
  /** What bots ask may be longer. */
  botQuestion: 300,
  answer: 100,
  solution: 200,
  option: 100,
  /** Countries whose people alone may vote. */
  countries: 12,
  /** How long it may be open, seconds. */
  seconds: 2_628_000,
  /** Whoever added an answer can take it back for so long, seconds. */
  deletable: 300,
} as const

/** From this layer on clients say whether a vote can be changed, and quizzes may have several right answers. */
const REVOTING = 224

type MakeMedia = (input: tl.InputMedia) => Promise<tl.MessageMedia>

/**
 * A new poll as it is kept, its correct answers and its explanation in its results. POLL_*, QUIZ_* as
 * messages.sendMedia has them; MEDIA_INVALID for a time of closing or countries that are out of bounds.
 * https://core.telegram.org/constructor/inputMediaPoll
 */
export async function makePoll(ctx: Ctx, input: tl.inputMediaPoll, make: MakeMedia): Promise<tl.messageMediaPoll> {
  const { poll } = input
  const bot = ctx.session?.auth.bot === true
  // A bot may show how something ended.
  if (poll.closed && !bot) throw new RpcError('MEDIA_INVALID')
  if (poll.answers.length < 1 || poll.answers.length > POLL.answers) throw new RpcError('POLL_ANSWERS_INVALID')
  const question = await pollText(poll.question, bot ? POLL.botQuestion : POLL.question, 'POLL_QUESTION_INVALID')
  const answers: tl.pollAnswer[] = []
  for (const [i, answer] of poll.answers.entries()) answers.push(await makeAnswer(ctx, answer, i, make))
  if (new Set(answers.map((a) => optionKey(a.option))).size < answers.length) {
    throw new RpcError('POLL_OPTION_DUPLICATE')
  }
  const correct = correctAnswers(ctx, input, answers)
  checkTime(ctx, poll)
  const quiz = poll.quiz === true
  return {
    _: 'messageMediaPoll',
    poll: {
      _: 'poll',
      id: BigInt(newFileId(ctx)),
      closed: poll.closed || undefined,
      publicVoters: poll.publicVoters || undefined,
      multipleChoice: poll.multipleChoice || undefined,
      quiz: quiz || undefined,
      openAnswers: (!quiz && poll.openAnswers) || undefined,
      revotingDisabled: poll.revotingDisabled || (quiz && ctx.layer < REVOTING) || undefined,
      shuffleAnswers: poll.shuffleAnswers || undefined,
      hideResultsUntilClose: poll.hideResultsUntilClose || undefined,
      subscribersOnly: poll.subscribersOnly || undefined,
      countriesIso2: countries(poll.countriesIso2),
      question,
      answers,
      closePeriod: poll.closePeriod || undefined,
      closeDate: poll.closeDate || undefined,
      hash: 0n,
    },
    results: await secretResults(ctx, input, answers, correct, make),
    attachedMedia: input.attachedMedia && (await make(input.attachedMedia)),
  }
}

/** The same poll asked anew, by somebody else: nobody has voted, and nobody has added an answer to it. */
export function askedAnew(ctx: Ctx, media: tl.messageMediaPoll): tl.messageMediaPoll {
  const answers = media.poll.answers.map((answer) => ({ ...answer, addedBy: undefined, date: undefined }))
  const poll = { ...media.poll, id: BigInt(newFileId(ctx)), answers, closed: undefined, closeDate: undefined }
  return { ...media, poll }
}

/** Who reads a channel does not show who they are: BROADCAST_PUBLIC_VOTERS_FORBIDDEN. */
export function mayPlacePoll(peer: PeerRef, media: Carried | undefined): void {
  const posts = peer.kind === 'channel' && peer.row.megagroup === 0
  if (posts && media?._ === 'messageMediaPoll' && media.poll.publicVoters) {
    throw new RpcError('BROADCAST_PUBLIC_VOTERS_FORBIDDEN')
  }
}

async function makeAnswer(_ctx: Ctx, answer: tl.PollAnswer, i: number, make: MakeMedia): Promise<tl.pollAnswer> {
  const text = await pollText(answer.text, POLL.answer, 'POLL_ANSWER_INVALID')
  // Clients of newer layers leave the option's bytes to the server.
  if (answer._ === 'inputPollAnswer') {
    const media = answer.media && (await make(answer.media))
    return { _: 'pollAnswer', text, option: Buffer.from(String(i)), media }
  }
  if (answer.option.length === 0 || answer.option.length > POLL.option) throw new RpcError('POLL_OPTION_INVALID')
  return { _: 'pollAnswer', text, option: answer.option }
}

/**
 * An answer that is added to a poll that takes them.
 * @param by marked id of who adds it, as everybody sees
 */
export async function addedAnswer(
  ctx: Ctx,
  answer: tl.PollAnswer,
  by: number,
  make: MakeMedia,
): Promise<tl.pollAnswer> {
  const made = await makeAnswer(ctx, { ...answer, _: 'inputPollAnswer' } as tl.inputPollAnswer, 0, make)
  return { ...made, option: ctx.app.random(8), addedBy: toPeer(by), date: ctx.now }
}

/** A question's or an answer's text: only custom emoji are kept of its entities. */
async function pollText(given: tl.TextWithEntities, length: number, error: ErrorName): Promise<tl.textWithEntities> {
  const { text, entities } = styleText(
    given.text,
    given.entities.filter((e) => e._ === 'messageEntityCustomEmoji'),
  )
  if (text === '' || text.length > length) throw new RpcError(error)
  return { _: 'textWithEntities', text, entities: entities?.filter((e) => e._ === 'messageEntityCustomEmoji') ?? [] }
}

function correctAnswers(ctx: Ctx, input: tl.inputMediaPoll, answers: readonly tl.pollAnswer[]): readonly number[] {
  const { poll, correctAnswers: correct = [] } = input
  if (!poll.quiz) {
    if (correct.length > 0) throw new RpcError('QUIZ_CORRECT_ANSWERS_TOO_MUCH')
    return []
  }
  if (poll.multipleChoice && ctx.layer < REVOTING) throw new RpcError('QUIZ_MULTIPLE_INVALID')
  if (correct.length === 0) throw new RpcError('QUIZ_CORRECT_ANSWERS_EMPTY')
  if (correct.length > 1 && !poll.multipleChoice) throw new RpcError('QUIZ_CORRECT_ANSWERS_TOO_MUCH')
  const known = new Set(correct.filter((i) => answers[i]))
  if (known.size < correct.length) throw new RpcError('QUIZ_CORRECT_ANSWER_INVALID')
  return correct
}

/** Countries by their two letters, each once. */
function countries(given: readonly string[] | undefined): string[] | undefined {
  if (!given || given.length === 0) return undefined
  if (given.length > POLL.countries || !given.every((c) => /^[A-Z]{2}$/.test(c))) throw new RpcError('MEDIA_INVALID')
  return [...new Set(given)]
}

function checkTime(ctx: Ctx, poll: tl.poll): void {
  const { closePeriod, closeDate } = poll
  if (closePeriod && closeDate) throw new RpcError('MEDIA_INVALID')
  const seconds = closePeriod || (closeDate ? closeDate - ctx.now : undefined)
  if (seconds !== undefined && !(seconds >= 5 && seconds <= POLL.seconds)) throw new RpcError('MEDIA_INVALID')
}

async function secretResults(
  ctx: Ctx,
  input: tl.inputMediaPoll,
  answers: readonly tl.pollAnswer[],
  correct: readonly number[],
  make: MakeMedia,
): Promise<tl.pollResults> {
  if (!input.poll.quiz) return { _: 'pollResults' }
  const solution = input.solution ? styleText(input.solution, await nameUsers(ctx, input.solutionEntities)) : undefined
  if (solution && solution.text.length > POLL.solution) throw new RpcError('MESSAGE_TOO_LONG')
  return {
    _: 'pollResults',
    results: correct.map((i) => ({ _: 'pollAnswerVoters', correct: true, option: answers[i]!.option })),
    solution: solution?.text,
    solutionEntities: solution ? (solution.entities ?? []) : undefined,
    solutionMedia: input.solutionMedia && (await make(input.solutionMedia)),
  }
}
