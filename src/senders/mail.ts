import type { Transporter } from 'nodemailer'

/** A mail server must answer within this time, ms; a person waits for the code. */
const TIMEOUT = 15_000

export interface Mail {
  send(to: string, subject: string, text: string): Promise<void>
  close(): void
}

/**
 * Mail through an SMTP server, over a few connections that are kept.
 * @param url smtp://USER:PASSWORD@HOST:PORT or smtps://
 */
export function smtpMail(url: string, from: string): Mail {
  let transport: Promise<Transporter> | undefined
  return {
    async send(to, subject, text) {
      // Loaded with the first mail, since the library takes a noticeable part of the start.
      transport ??= import('nodemailer').then(({ createTransport }) =>
        createTransport({
          url,
          pool: true,
          maxConnections: 2,
          connectionTimeout: TIMEOUT,
          greetingTimeout: TIMEOUT,
          socketTimeout: TIMEOUT,
        }),
      )
      // As an object, an address cannot name further recipients.
      await (await transport).sendMail({ from, to: { name: '', address: to }, subject, text })
    },
    close: () => void transport?.then((t) => t.close()),
  }
}
