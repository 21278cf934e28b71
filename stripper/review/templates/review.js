"use strict";
(() => {
  const live = document.querySelector(".live");
  const kinds = document.body.dataset.kinds.split(" ");
  const stay = new Set(["content", "title"]);
  const say = (text) => { live.textContent = text; };

  // One review a page: its blocks, where the reader is, and what was corrected.
  class Review {
    constructor(section) {
      this.section = section;
      this.blocks = [...section.querySelectorAll(".block")];
      this.places = new Map(this.blocks.map((block, place) => [block, place]));
      this.at = -1;
      this.before = new Map();  // block -> the kind it had
      this.steps = [];  // corrections in order: arrays of [block, kind it had then]
      this.saved = true;
      const labels = section.querySelector(".labels");
      this.labels = labels && JSON.parse(labels.textContent);
      section.addEventListener("click", (event) => this.clicked(event));
      section.addEventListener("change", (event) => this.changed(event));
      section.addEventListener("focusin", (event) => this.focused(event));
      this.view("clean");
    }

    clicked(event) {
      const button = event.target.closest("button");
      if (!button) return;
      const { do: action, view } = button.dataset;
      if (view) this.view(view);
      else if (button.classList.contains("chip")) this.edit(button.closest(".block"));
      else if (action) this.act(action);
    }

    act(action) {
      const removed = (block) => block.classList.contains("gone");
      const undecided = (block) => block.classList.contains("undecided");
      const any = () => true;
      switch (action) {
        case "next": return this.go(1, removed, "removal");
        case "previous": return this.go(-1, removed, "removal");
        case "undecided": return this.go(1, undecided, "undecided block");
        case "down": return this.go(1, any, "block");
        case "up": return this.go(-1, any, "block");
        case "edit": return this.edit(this.blocks[this.at]);
        case "content": return this.correct([this.blocks[this.at]], "content");
        case "all": case "none": return this.tick(action === "all");
        case "undo": return this.undo();
        case "save": return this.save();
      }
    }

    // Moving

    focused(event) {
      const block = event.target.closest(".block");
      if (block) this.here(this.places.get(block));
    }

    here(index) {
      this.at = index;
      const id = this.blocks[index].dataset.id;
      for (const line of this.section.querySelectorAll(".clean .here")) line.classList.remove("here");
      const line = this.section.querySelector(`.clean [data-of="${id}"]`);
      if (line) line.classList.add("here");
      if (this.showsFrame) this.frame.contentDocument?.getElementById(`b${id}`)?.scrollIntoView({ block: "center" });
    }

    go(step, wanted, name) {
      const all = this.blocks.filter((block) => !block.hidden && wanted(block));
      const start = this.at;
      const later = (block) => (step > 0 ? this.places.get(block) > start : this.places.get(block) < start);
      const found = step > 0 ? all.find(later) : all.filter(later).pop();
      const block = found || (step > 0 ? all[0] : all[all.length - 1]);  // round the end
      if (!block) return say(`no ${name} is shown`);
      block.querySelector(".chip").focus();
      block.scrollIntoView({ block: "center" });
      const text = `${name} ${all.indexOf(block) + 1} of ${all.length}: ${block.dataset.kind}`;
      this.section.querySelector(".position").textContent = text;
      say(text);
    }

    // What is shown

    view(name) {
      this.frame = this.section.querySelector("iframe");
      this.showsFrame = name === "frame" && this.frame !== null;
      if (this.showsFrame && !this.frame.hasAttribute("srcdoc")) this.frame.srcdoc = this.frame.dataset.page;
      this.section.querySelector(".clean").hidden = this.showsFrame;
      const frame = this.section.querySelector(".frame");
      if (frame) frame.hidden = !this.showsFrame;
      for (const button of this.section.querySelectorAll("[data-view]")) {
        button.setAttribute("aria-pressed", String((button.dataset.view === "frame") === this.showsFrame));
      }
    }

    tick(on) {
      for (const box of this.section.querySelectorAll("[data-filter]")) box.checked = on;
      this.filter();
    }

    changed(event) {
      if (event.target.matches("[data-filter], [data-do=undecided]")) this.filter();
    }

    filter() {
      const off = new Set();
      for (const box of this.section.querySelectorAll("[data-filter]")) if (!box.checked) off.add(box.dataset.filter);
      const only = this.section.querySelector("[data-do=undecided]").checked;
      let shown = 0;
      for (const block of this.blocks) {
        block.hidden = off.has(block.dataset.kind) || (only && !block.classList.contains("undecided"));
        shown += !block.hidden;
      }
      say(`${shown} of ${this.blocks.length} blocks are shown`);
    }

    // Correcting

    edit(block) {
      if (!block || !this.labels) return;
      document.querySelector(".editor")?.remove();
      const run = this.run(block);
      const form = document.createElement("form");
      form.className = "editor";
      const label = form.appendChild(document.createElement("label"));
      label.append("It is ");
      const select = label.appendChild(document.createElement("select"));
      for (const kind of kinds) select.add(new Option(kind, kind, false, kind === block.dataset.kind));
      const whole = document.createElement("input");
      whole.type = "checkbox";
      if (run.length > 1) {
        const also = form.appendChild(document.createElement("label"));
        also.append(whole, ` and so are the ${run.length - 1} blocks of this kind around it`);
      }
      const set = form.appendChild(document.createElement("button"));
      set.textContent = "Set";
      const cancel = form.appendChild(document.createElement("button"));
      cancel.type = "button";
      cancel.textContent = "Cancel";
      const close = () => { form.remove(); block.querySelector(".chip").focus(); };
      cancel.addEventListener("click", close);
      form.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.correct(whole.checked ? run : [block], select.value);
        close();
      });
      block.append(form);
      select.focus();
    }

    // The block and its neighbours of one kind.
    run(block) {
      const kind = block.dataset.kind;
      let first = this.places.get(block);
      let last = first;
      while (first > 0 && this.blocks[first - 1].dataset.kind === kind) first -= 1;
      while (last + 1 < this.blocks.length && this.blocks[last + 1].dataset.kind === kind) last += 1;
      return this.blocks.slice(first, last + 1);
    }

    correct(blocks, kind) {
      if (!this.labels || !blocks[0]) return;
      const step = [];
      for (const block of blocks) {
        if (block.dataset.kind === kind) continue;
        step.push([block, block.dataset.kind]);
        this.set(block, kind);
      }
      if (step.length) this.steps.push(step);
      this.counted();
      say(`${step.length === 1 ? "the block is" : `${step.length} blocks are`} ${kind} now`);
    }

    undo() {
      for (const [block, kind] of this.steps.pop() || []) this.set(block, kind);
      this.counted();
    }

    set(block, kind) {
      const old = block.dataset.kind;
      if (!this.before.has(block)) this.before.set(block, old);
      const corrected = this.before.get(block) !== kind;
      if (!corrected) this.before.delete(block);
      block.dataset.kind = kind;
      block.classList.replace(`k-${old}`, `k-${kind}`);
      block.classList.toggle("kept", stay.has(kind));
      block.classList.toggle("gone", !stay.has(kind));
      block.classList.toggle("corrected", corrected);
      block.querySelector(".kind").textContent = corrected ? `${kind} (was ${this.before.get(block)})` : kind;
    }

    counted() {
      const count = this.before.size;
      this.saved = count === 0;
      this.section.querySelector(".count").textContent =
        count === 0 ? "no corrections" : `${count} correction${count === 1 ? "" : "s"}`;
      this.section.querySelector("[data-do=undo]").disabled = this.steps.length === 0;
    }

    save() {
      if (!this.labels) return;
      const row = { ...this.labels, corrected: this.before.size };
      row.blocks = this.blocks.map((block) => [block.querySelector(".text").textContent, block.dataset.kind]);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(row), "\n"], { type: "application/json" }));
      link.download = `${row.id}.labelled.jsonl`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      this.saved = true;
      say("the labelled page is saved");
    }
  }

  const reviews = [...document.querySelectorAll("section.page")].map((section) => new Review(section));

  // With several pages one is shown at a time: the one the address names.
  const current = () => reviews.find((review) => `#${review.section.id}` === location.hash) || reviews[0];
  const turn = () => {
    if (reviews.length < 2) return;
    for (const review of reviews) review.section.hidden = review !== current();
  };
  addEventListener("hashchange", turn);
  addEventListener("beforeprint", () => { for (const review of reviews) review.section.hidden = false; });
  addEventListener("afterprint", turn);
  turn();
  document.documentElement.classList.remove("loading");

  const keys = {
    n: "next", p: "previous", u: "undecided", j: "down", k: "up", e: "edit", c: "content", z: "undo", s: "save",
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, .editor")) return;
    if (!(event.key in keys) || reviews.length === 0) return;
    event.preventDefault();
    current().act(keys[event.key]);
  });
  addEventListener("beforeunload", (event) => {
    if (reviews.some((review) => !review.saved)) event.preventDefault();
  });
})();
