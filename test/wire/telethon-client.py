"""Telethon behind lines of JSON: {id, op, args} in, {id, value} or {id, error} out, {push} for what it is pushed."""
import asyncio
import base64
import json
import logging
import sys

from telethon import TelegramClient, events, functions, types, utils
from telethon.crypto import rsa
from telethon.sessions import StringSession

logging.disable(logging.CRITICAL)


def say(line):
    sys.stdout.write(json.dumps(line) + '\n')
    sys.stdout.flush()


def seen(message, me):
    sender = message.from_id or (types.PeerUser(me) if message.out else message.peer_id)
    return {'id': message.id, 'text': message.message or '', 'out': bool(message.out), 'from': utils.get_peer_id(sender)}


def peer(number):
    if number > 0:
        return number
    bare, kind = utils.resolve_id(number)
    return kind(bare)


class Session:
    async def open(self, host, port, pem, phone, code, first_name, session):
        rsa.add_key(pem, old=False)
        self.client = TelegramClient(StringSession(session or ''), 1, 'anything')
        if not session:
            self.client.session.set_dc(2, host, port)
        await self.client.connect()
        if not await self.client.is_user_authorized():
            sent = await self.client.send_code_request(phone)
            try:
                await self.client.sign_in(phone, code, phone_code_hash=sent.phone_code_hash)
            except Exception:
                await self.client.sign_up(code, first_name, phone=phone, phone_code_hash=sent.phone_code_hash)
        self.me = (await self.client.get_me()).id
        self.client.add_event_handler(self.pushed, events.NewMessage())
        return self.me

    async def pushed(self, event):
        say({'push': seen(event.message, self.me)})

    async def know(self, phone, first_name):
        contact = types.InputPhoneContact(client_id=1, phone=phone, first_name=first_name, last_name='')
        result = await self.client(functions.contacts.ImportContactsRequest([contact]))
        return result.users[0].id

    async def say(self, to, text):
        return (await self.client.send_message(peer(to), text)).id

    async def edit(self, to, message, text):
        await self.client.edit_message(peer(to), message, text)

    async def remove(self, to, ids):
        await self.client.delete_messages(peer(to), ids, revoke=True)

    async def read(self, to, max_id):
        await self.client.send_read_acknowledge(peer(to), max_id=max_id)

    async def history(self, to, limit):
        found = await self.client.get_messages(peer(to), limit=limit)
        return [seen(m, self.me) for m in reversed(found)]

    async def dialogs(self):
        return [{'peer': d.id, 'unread': d.unread_count} for d in await self.client.get_dialogs()]

    async def createGroup(self, title, users):
        result = await self.client(functions.messages.CreateChatRequest(users, title))
        return -result.chats[0].id

    async def sendFile(self, to, name, content):
        from io import BytesIO
        file = BytesIO(base64.b64decode(content))
        file.name = name
        return (await self.client.send_file(peer(to), file, caption=name, force_document=True)).id

    async def download(self, to, message):
        found = await self.client.get_messages(peer(to), ids=message)
        return base64.b64encode(await self.client.download_media(found, bytes)).decode()

    async def comment(self, where, post, answered, text):
        asked = functions.messages.GetDiscussionMessageRequest(peer(where), post)
        found = await self.client(asked)
        await self.client.send_message(found.messages[0].peer_id, text, reply_to=answered)

    async def isKnown(self, number):
        try:
            await self.client.get_input_entity(peer(number))
            return True
        except ValueError:
            return False

    async def meet(self, where, message, user, text):
        seen_in = await self.client.get_input_entity(peer(where))
        named = types.InputPeerUserFromMessage(seen_in, message, user)
        asked = functions.users.GetFullUserRequest(types.InputUserFromMessage(seen_in, message, user))
        found = (await self.client(asked)).users[0]
        location = types.InputPeerPhotoFileLocation(named, found.photo.photo_id)
        photo = await self.client(functions.upload.GetFileRequest(location, 0, 65536))
        await self.client.send_message(named, text)
        return {'firstName': found.first_name, 'photo': base64.b64encode(photo.bytes).decode()}

    async def session(self):
        return self.client.session.save()

    async def close(self):
        await self.client.disconnect()


async def main():
    session = Session()
    loop = asyncio.get_running_loop()

    async def answer(call):
        try:
            say({'id': call['id'], 'value': await getattr(session, call['op'])(*call['args'])})
        except Exception as error:
            say({'id': call['id'], 'error': f'{type(error).__name__}: {error}'})

    while line := await loop.run_in_executor(None, sys.stdin.readline):
        loop.create_task(answer(json.loads(line)))


asyncio.run(main())
