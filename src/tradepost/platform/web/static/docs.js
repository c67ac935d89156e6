"use strict";
// Shows the OpenAPI document beside it, to read, to search, and to try. Text goes in as text only.

const METHODS = ["get", "post", "put", "patch", "delete"];
const byId = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

class Page {
  constructor(contents) {
    this.contents = contents;
    this.cards = [];
  }

  follow(thing) {
    if (!thing || !thing.$ref) return thing || {};
    return thing.$ref.slice(2).split("/").reduce((at, part) => at[part], this.contents);
  }

  nameOf(schema) {
    if (schema.$ref) return schema.$ref.split("/").pop();
    const several = schema.oneOf || schema.anyOf;
    if (several) return several.map((one) => this.nameOf(one)).join(" | ");
    if (schema.type === "array") return `[${this.nameOf(schema.items || {})}]`;
    const type = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type || "any";
    return schema.format ? `${type} (${schema.format})` : type;
  }

  boundsOf(schema) {
    const names = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern", "default"];
    const told = names.filter((name) => schema[name] !== undefined).map((name) => `${name} ${schema[name]}`);
    if (schema.enum) told.push(schema.enum.join(", "));
    return told.join("; ");
  }

  example(schema, depth = 0) {
    const whole = this.follow(schema);
    if (whole.examples && whole.examples.length) return whole.examples[0];
    if (whole.example !== undefined) return whole.example;
    if (whole.default !== undefined && whole.default !== null) return whole.default;
    const several = whole.oneOf || whole.anyOf;
    if (several) return this.example(several.find((one) => one.type !== "null") || {}, depth);
    if (whole.enum) return whole.enum[0];
    if (depth > 6) return null;
    const kind = Array.isArray(whole.type) ? whole.type[0] : whole.type;
    if (kind === "array") return [this.example(whole.items || {}, depth + 1)];
    if (kind === "object" || whole.properties) {
      const fields = Object.entries(whole.properties || {});
      return Object.fromEntries(fields.map(([name, one]) => [name, this.example(one, depth + 1)]));
    }
    if (kind === "integer" || kind === "number") return Math.max(whole.minimum || 0, 1);
    if (kind === "boolean") return true;
    if (kind === "null") return null;
    if (whole.format === "uuid") return "019aa4c6-7f4e-7c3e-9d0a-3b1f5f0d2c11";
    if (whole.format === "date-time") return "2026-01-31T12:00:00Z";
    return "text";
  }

  fieldsOf(schema) {
    const whole = this.follow(schema);
    const needed = new Set(whole.required || []);
    const rows = Object.entries(whole.properties || {}).map(([name, one]) =>
      make("tr", {},
        make("td", {}, make("code", {}, name), needed.has(name) ? " *" : ""),
        make("td", {}, this.nameOf(one)),
        make("td", {}, [one.description, this.boundsOf(one)].filter(Boolean).join(" — "))));
    return rows.length ? make("table", {}, make("tbody", {}, ...rows)) : undefined;
  }

  parametersOf(operation) {
    const rows = (operation.parameters || []).map((given) => {
      const one = this.follow(given);
      return make("tr", {},
        make("td", {}, make("code", {}, one.name), one.required ? " *" : ""),
        make("td", {}, one.in),
        make("td", {}, this.nameOf(one.schema || {})),
        make("td", {}, [one.description, this.boundsOf(one.schema || {})].filter(Boolean).join(" — ")));
    });
    return rows.length ? make("table", {}, make("tbody", {}, ...rows)) : undefined;
  }

  responsesOf(operation) {
    const shown = Object.entries(operation.responses || {}).map(([status, response]) => {
      const [content] = Object.values(response.content || {});
      const schema = content && content.schema;
      const inside = [];
      if (schema) {
        inside.push(make("p", {}, make("code", {}, this.nameOf(schema))));
        if (status.startsWith("2")) inside.push(this.fieldsOf(schema));
      }
      return make("tr", {}, make("td", {}, status), make("td", {}, response.description || "", ...inside));
    });
    return make("table", {}, make("tbody", {}, ...shown));
  }

  tryIt(method, path, operation) {
    const inputs = (operation.parameters || []).map((given) => {
      const one = this.follow(given);
      if (one.name === "X-Tenant") return undefined;
      const fresh = one.name === "Idempotency-Key" ? crypto.randomUUID() : undefined;
      return { one, input: make("input", { value: fresh, placeholder: one.example || "" }) };
    }).filter(Boolean);
    const content = operation.requestBody && operation.requestBody.content["application/json"];
    const body = content && make("textarea", { rows: 10, spellcheck: "false" });
    if (body) body.value = JSON.stringify(this.example(content.schema), null, 2);
    const answer = make("pre", { "aria-live": "polite", hidden: true });
    const request = () => {
      let place = path;
      const query = new URLSearchParams();
      const headers = {};
      if (byId("tenant").value) headers["X-Tenant"] = byId("tenant").value;
      if (byId("token").value) headers.Authorization = `Bearer ${byId("token").value}`;
      if (body) headers["Content-Type"] = "application/json";
      for (const { one, input } of inputs) {
        if (one.in === "path") place = place.replace(`{${one.name}}`, encodeURIComponent(input.value));
        else if (input.value && one.in === "query") query.set(one.name, input.value);
        else if (input.value && one.in === "header") headers[one.name] = input.value;
      }
      const address = query.size ? `${place}?${query}` : place;
      return { address, options: { method: method.toUpperCase(), headers, body: body && body.value } };
    };
    const show = (text) => { answer.hidden = false; answer.textContent = text; };
    const send = async () => {
      const { address, options } = request();
      show("…");
      try {
        const response = await fetch(address, options);
        const text = await response.text();
        let told = text;
        try { told = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON */ }
        const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
        show(`${response.status} ${response.statusText}\n${headers}\n\n${told}`);
      } catch (error) { show(String(error)); }
    };
    const curl = () => {
      const { address, options } = request();
      const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
      const parts = ["curl", "-X", options.method, quoted(location.origin + address)];
      for (const [name, value] of Object.entries(options.headers)) parts.push("-H", quoted(`${name}: ${value}`));
      if (options.body) parts.push("-d", quoted(options.body));
      show(parts.join(" "));
    };
    return make("div", {},
      make("h4", {}, "Try it"),
      make("div", { class: "fields" }, ...inputs.map(({ one, input }) => make("label", {}, `${one.name} (${one.in})`, input))),
      body && make("label", {}, "Body", body),
      make("div", { class: "row" },
        make("button", { type: "button", onclick: send }, "Send"),
        make("button", { type: "button", onclick: curl }, "Show as curl")),
      answer);
  }

  card(method, path, operation) {
    const inside = make("div", {});
    const card = make("details", { class: "operation", id: operation.operationId },
      make("summary", {},
        make("span", { class: "method" }, method.toUpperCase()),
        make("span", { class: "path" }, path),
        make("span", { class: "summary" }, operation.summary || ""),
        make("span", { class: "permission" }, operation["x-permission"] || "")),
      inside);
    card.addEventListener("toggle", () => {
      if (inside.childElementCount) return;
      const schema = operation.requestBody && Object.values(operation.requestBody.content)[0].schema;
      inside.append(
        make("p", {}, operation.description || operation.summary || ""),
        ...[this.parametersOf(operation)].filter(Boolean).flatMap((table) => [make("h4", {}, "Parameters"), table]),
        ...(schema ? [make("h4", {}, "Body"), this.fieldsOf(schema) || make("p", {}, this.nameOf(schema))] : []),
        make("h4", {}, "Answers"), this.responsesOf(operation),
        this.tryIt(method, path, operation));
    });
    const words = [method, path, operation.summary, operation.description, operation["x-permission"]];
    this.cards.push({ card, words: words.filter(Boolean).join(" ").toLowerCase() });
    return card;
  }

  show() {
    const { info, paths } = this.contents;
    byId("title").textContent = document.title = info.title;
    byId("about").textContent = info.description || "";
    const groups = new Map();
    for (const [path, item] of Object.entries(paths).sort()) {
      for (const method of METHODS.filter((name) => item[name])) {
        const tag = (item[method].tags || ["Other"])[0];
        if (!groups.has(tag)) groups.set(tag, []);
        groups.get(tag).push(this.card(method, path, item[method]));
      }
    }
    const sections = [...groups].sort().map(([tag, cards]) => make("section", {}, make("h2", {}, tag), ...cards));
    byId("operations").replaceChildren(...sections);
    this.filter("");
    const named = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
    if (named && named.tagName === "DETAILS") { named.open = true; named.scrollIntoView(); }
  }

  filter(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const one of this.cards) {
      one.card.hidden = !words.every((word) => one.words.includes(word));
      shown += one.card.hidden ? 0 : 1;
    }
    for (const section of document.querySelectorAll("section")) {
      section.hidden = ![...section.querySelectorAll("details.operation")].some((card) => !card.hidden);
    }
    byId("count").textContent = `${shown} of ${this.cards.length} operations`;
  }
}

addEventListener("DOMContentLoaded", async () => {
  byId("who").addEventListener("submit", (event) => event.preventDefault());
  try {
    const page = new Page(await (await fetch("openapi.json")).json());
    page.show();
    byId("find").addEventListener("input", (event) => page.filter(event.target.value));
  } catch (error) {
    byId("operations").textContent = `The document cannot be shown: ${error}`;
  }
});
