"""Journeys of the people for whom this is made, in a real browser on real servers."""

#: The tip of the queue's newest alarm that came alone: others' crowds stand behind it, and stay.
NEWEST_ALARM = """[...document.querySelectorAll('.row[data-alarm]')]
    .filter(row => row.dataset.place.split('|')[1] === '0')
    .sort((a, b) => a.dataset.place < b.dataset.place ? -1 : 1).at(-1).dataset.tip"""
