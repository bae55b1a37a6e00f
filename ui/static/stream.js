// Every press is heard. Gradio's client closes its stream of answers when the server says that
// nothing is left to answer; a press that the server took in just before the client read that is
// then never heard of again, although it was done. Here the stream goes on while one is waited for.

const fetched = window.fetch.bind(window);
const waited = new Set(); // events that were taken in and whose end was not read yet
let asking = 0; // events that are on their way to the server

window.fetch = (asked, ...more) => {
  const address = String(asked?.url ?? asked);
  if (address.includes('/queue/join')) return joined(asked, more);
  if (address.includes('/queue/data?')) return heard(asked, more);
  return fetched(asked, ...more);
};

async function joined(asked, more) {
  asking += 1;
  try {
    const answer = await fetched(asked, ...more);
    if (answer.status === 401) location.assign(`/connexion?vers=${location.pathname}`); // the session ended
    const { event_id: event } = await answer.clone().json().catch(() => ({}));
    if (event) waited.add(event);
    return answer;
  } finally {
    asking -= 1;
  }
}

async function heard(asked, more) {
  const first = await fetched(asked, ...more);
  if (!first.ok || !first.body) return first;
  const written = new TextEncoder();
  const body = new ReadableStream({
    async start(out) {
      try {
        let last = '';
        for (let answer = first; ; answer = await fetched(asked, ...more)) {
          for await (const message of messages(answer)) {
            if (message.includes('"msg":"close_stream"')) { last = message; continue; }
            if (message.includes('"msg":"process_completed"')) waited.delete(/"event_id":"(\w+)"/.exec(message)?.[1]);
            out.enqueue(written.encode(message));
          }
          while (asking && !waited.size) await new Promise((done) => { setTimeout(done, 5); });
          if (!waited.size) break;
        }
        if (last) out.enqueue(written.encode(last));
        out.close();
      } catch (error) {
        out.error(error);
      }
    },
  });
  return new Response(body, { status: first.status, headers: first.headers });
}

async function* messages(answer) {
  const reading = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reading.read();
    if (done) break;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop();
    for (const part of parts) yield `${part}\n\n`;
  }
  if (rest) yield rest;
}
