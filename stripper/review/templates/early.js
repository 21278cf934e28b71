// Before the blocks: a browser that draws 20,000 of them while they arrive lays all out again and again.
document.documentElement.classList.add("scripted", "loading");
