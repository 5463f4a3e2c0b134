import type { Log } from '../log.ts'
import { smtpMail } from './mail.ts'
import { hookSms } from './sms.ts'

/** The ways out of the server to people: each resolves when the message was taken over, and rejects when it was not. */
export interface Senders {
  /** Plain text to one address. */
  mail(to: string, subject: string, text: string): Promise<void>
  /** A text message; `code` is the code inside it, for gateways that use templates of their own. */
  sms(phone: string, text: string, code: string): Promise<void>
  close(): void
}

export interface SendersConfig {
  smtp?: string | undefined
  mailFrom: string
  smsHook?: string | undefined
}

/**
 * The senders that the operator configured. Without one the text goes to the log, where whoever runs the server alone
 * reads the codes; there, and only there, the log holds a secret.
 */
export function createSenders(config: SendersConfig, log: Log): Senders {
  const mail = config.smtp === undefined ? undefined : smtpMail(config.smtp, config.mailFrom)
  const sms = config.smsHook === undefined ? undefined : hookSms(config.smsHook)
  return {
    async mail(to, subject, text) {
      if (mail) await mail.send(to, subject, text)
      else log.info(`no --smtp, mail not sent: to ${to}: ${subject}: ${text}`)
    },
    async sms(phone, text, code) {
      if (sms) await sms(phone, text, code)
      else log.info(`no --sms-hook, text message not sent: to ${phone}: ${text}`)
    },
    close: () => mail?.close(),
  }
}
