import { RpcError } from '../rpc/errors.ts'
import type * as tl from '../tl/gen/types.ts'

interface Option {
  text: string
  /** What to choose from next. */
  options?: Record<string, Option>
  /** Whether a comment is asked for, and whether it may be left out. */
  comment?: 'optional' | 'required'
}

/** What a message can be reported for. */
const ROOT: Option = {
  text: 'Report',
  options: {
    dislike: { text: "I don't like it" },
    child: { text: 'Child abuse', comment: 'optional' },
    violence: {
      text: 'Violence',
      options: {
        insults: { text: 'Insults or false information', comment: 'optional' },
        graphic: { text: 'Graphic or disturbing content', comment: 'optional' },
        extreme: { text: 'Extreme violence', comment: 'optional' },
        hate: { text: 'Hate speech or symbols', comment: 'optional' },
        calling: { text: 'Calling for violence', comment: 'optional' },
        crime: { text: 'Organized crime', comment: 'optional' },
        terrorism: { text: 'Terrorism', comment: 'optional' },
        animals: { text: 'Animal abuse', comment: 'optional' },
      },
    },
    goods: {
      text: 'Illegal goods and services',
      options: {
        weapons: { text: 'Weapons', comment: 'optional' },
        drugs: { text: 'Drugs', comment: 'optional' },
        documents: { text: 'Fake documents', comment: 'optional' },
        money: { text: 'Counterfeit money', comment: 'optional' },
        other: { text: 'Other goods and services', comment: 'optional' },
      },
    },
    adult: {
      text: 'Illegal adult content',
      options: {
        consent: { text: 'Without consent', comment: 'optional' },
        minors: { text: 'With minors', comment: 'optional' },
        services: { text: 'Sexual services', comment: 'optional' },
        other: { text: 'Other illegal content', comment: 'optional' },
      },
    },
    personal: {
      text: 'Personal data',
      options: {
        images: { text: 'Private pictures', comment: 'optional' },
        phone: { text: 'Phone number', comment: 'optional' },
        address: { text: 'Address', comment: 'optional' },
        other: { text: 'Other personal data', comment: 'optional' },
      },
    },
    fraud: {
      text: 'Scam or fraud',
      options: {
        impersonation: { text: 'Impersonation', comment: 'optional' },
        financial: { text: 'Deceptive financial claims', comment: 'optional' },
        malware: { text: 'Malware, phishing', comment: 'optional' },
        sellers: { text: 'Fraudulent seller or product', comment: 'optional' },
      },
    },
    copyright: { text: 'Copyright', comment: 'required' },
    spam: { text: 'Spam' },
    other: { text: 'Other', comment: 'required' },
  },
}

/** At the end of an option that asks for a comment, once it was asked for. */
const ASKED = '#'

/**
 * The next step of a report: what to choose from, a comment to write, or the reason when there is nothing more to ask.
 * OPTION_INVALID for an option that was not offered, MESSAGE_REQUIRED where a comment must not be left out.
 * https://core.telegram.org/method/messages.report
 */
export function nextStep(chosen: Uint8Array, comment: string): tl.ReportResult | { reason: string } {
  const name = Buffer.from(chosen).toString('latin1')
  const asked = name.endsWith(ASKED)
  const path = asked ? name.slice(0, -1) : name
  const option = find(path)
  if (option.options) {
    if (asked) throw new RpcError('OPTION_INVALID')
    return {
      _: 'reportResultChooseOption',
      title: option.text,
      options: Object.entries(option.options).map(([key, { text }]) => ({
        _: 'messageReportOption',
        text,
        option: Buffer.from(path === '' ? key : `${path}/${key}`),
      })),
    }
  }
  const silent = comment.trim() === ''
  if (silent && asked && option.comment === 'required') throw new RpcError('MESSAGE_REQUIRED')
  if (silent && !asked && option.comment) {
    const optional = option.comment === 'optional' || undefined
    return { _: 'reportResultAddComment', optional, option: Buffer.from(path + ASKED) }
  }
  return { reason: path }
}

function find(path: string): Option {
  let at = ROOT
  for (const key of path === '' ? [] : path.split('/')) {
    const next = at.options && Object.hasOwn(at.options, key) ? at.options[key] : undefined
    if (!next) throw new RpcError('OPTION_INVALID')
    at = next
  }
  return at
}
