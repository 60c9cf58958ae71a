"""The families of data: how affinities, conflicts, loads and locks come about.

All integer arithmetic up to the last division, therefore the same bits on every machine.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bench.assignment.case import Case, no_pairs
from bench.assignment.draws import Draws, falling

PER_MILLE = 1000
WEIGHTS, EXPERT_TOPICS, PROJECT_TOPICS, NOISE, BOSS, DECLARED, LOADS, LOCKS, BIDS, OTHERS = range(10)
"""Streams of draws; the topics of experts and projects take further ones from 100 and 200 on."""


def profiles(draws: Draws, experts: int, projects: int, topics: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return whole weights [experts × topics] and [projects × topics].

    Topics are skewed after Zipf, among the projects more than among the experts and in another order, so that some
    topics have many projects and few experts; every topic has an expert.
    """
    few = falling(topics)[draws.order(WEIGHTS, topics)]
    many = falling(topics, root=True)[draws.order(100, topics)]
    able = _profile(draws, EXPERT_TOPICS, experts, many, least=2, greatest=4)
    asked = _profile(draws, PROJECT_TOPICS, projects, few, least=1, greatest=3)
    first = np.arange(min(3 * topics, experts))
    able[first, first % topics] = np.maximum(able[first, first % topics], 4)
    return able, asked


def _profile(
    draws: Draws, stream: int, number: int, weights: NDArray[np.int64], least: int, greatest: int
) -> NDArray[np.int64]:
    chosen = np.zeros((number, len(weights)), np.int64)
    wanted = draws.between(200 + stream, least, greatest, number)
    rows = np.arange(number)
    for turn in range(greatest):
        topic = draws.weighted(300 + 10 * stream + turn, weights, rows)
        weight = draws.between(400 + 10 * stream + turn, 1, 7, number)
        on = turn < wanted
        chosen[rows[on], topic[on]] = weight[on]
    return chosen


def cosines(able: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the cosine of every expert with every project; one rounded root, one rounded division."""
    dot = (able.astype(np.float32) @ asked.T.astype(np.float32)).astype(np.float64)
    return dot / np.sqrt((able**2).sum(1)[:, None] * (asked**2).sum(1)[None, :])


def matched(
    draws: Draws, cosine: NDArray[np.float64], rows: NDArray[np.int64], columns: NDArray[np.int64], projects: int
) -> NDArray[np.int64]:
    """Affinities in thousandths: mostly the topics, some noise, and a bid that lifts (2 %) or halves (8 %)."""
    noise = draws.below(NOISE, PER_MILLE, rows * projects + columns)
    base = np.floor(850 * cosine).astype(np.int64) * (800 + 2 * noise // 5) // PER_MILLE
    lifted = np.where(noise >= 980, base + 150, base)
    return np.minimum(np.where(noise < 80, lifted // 2, lifted), PER_MILLE)


def topical(draws: Draws, experts: int, projects: int, topics: int) -> NDArray[np.float64]:
    """Return dense affinities [experts × projects] in thousandths, from topics."""
    able, asked = profiles(draws, experts, projects, topics)
    out = np.empty((experts, projects))
    for start in range(0, projects, 1000):
        columns = np.arange(start, min(projects, start + 1000))
        block = cosines(able, asked[columns])
        out[:, columns] = matched(draws, block, np.arange(experts)[:, None], columns[None, :], projects) / PER_MILLE
    return out


def bidden(draws: Draws, experts: int, projects: int) -> NDArray[np.float64]:
    """Affinities as bids give them: few levels, most pairs without a bid, some projects that hardly anybody wants.

    Half of the experts bid within their field only; 0.5 stands for no bid, 0 for "rather not".
    """
    field = draws.below(WEIGHTS, 12, np.arange(experts))
    subject = draws.weighted(PROJECT_TOPICS, falling(12), np.arange(projects))
    popular = draws.weighted(BIDS, falling(9), np.arange(projects))
    near = field[:, None] == subject[None, :]
    chance = draws.below(NOISE, PER_MILLE, np.arange(experts * projects).reshape(experts, projects))
    eager = np.where(near, 40 + 45 * (8 - popular)[None, :], 4 * (9 - popular)[None, :])
    out = np.full((experts, projects), 0.5)
    out[chance < 2 * eager] = 0.75
    out[chance < eager] = 1.0
    out[chance >= 900] = 0.0
    return out


def textual(draws: Draws, experts: int, projects: int, words: int = 400) -> NDArray[np.float64]:
    """Return likenesses of texts: cosines of word counts over a Zipf vocabulary, continuous, close together.

    Unlikely pairs fall below zero, as models of likeness have it.
    """
    able = _counts(draws, EXPERT_TOPICS, experts, words, 240)
    asked = _counts(draws, PROJECT_TOPICS, projects, words, 90)
    return np.floor((cosines(able, asked) - 0.25) * 1e6) / 1e6


def _counts(draws: Draws, stream: int, number: int, words: int, length: int) -> NDArray[np.int64]:
    """Word counts: a third of a text is the language's common words, the rest its own two fields' in unequal parts."""
    positions = np.arange(number * length).reshape(number, length)
    fields = draws.below(500 + stream, 20, np.arange(2 * number).reshape(number, 2))
    second = draws.below(900 + stream, 100, positions) < draws.below(1000 + stream, 60, np.arange(number))[:, None]
    field = np.where(second, fields[:, 1:], fields[:, :1])
    common = draws.weighted(600 + stream, falling(words), positions)
    special = (draws.weighted(700 + stream, falling(words // 4, root=True), positions) * 20 + field) % words
    word = np.where(draws.below(800 + stream, 3, positions) == 0, common, special)
    counts = np.zeros((number, words), np.int64)
    np.add.at(counts, (np.repeat(np.arange(number), length), word.ravel()), 1)
    return counts


def listed(draws: Draws, experts: int, projects: int, topics: int, each: int) -> sparse.csc_array:
    """Return sparse affinities: the best ``each`` of candidates of every project's topics and as many others."""
    able, asked = profiles(draws, experts, projects, topics)
    members = [np.flatnonzero(able[:, topic]) for topic in range(topics)]
    columns = [_column(draws, able, asked, members, project, each) for project in range(projects)]
    sizes = np.array([len(rows) for rows, _ in columns])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    rows, values = (np.concatenate(part) for part in zip(*columns, strict=True))
    return sparse.csc_array((values / PER_MILLE, rows, starts), shape=(experts, projects))


def _column(
    draws: Draws,
    able: NDArray[np.int64],
    asked: NDArray[np.int64],
    members: list[NDArray[np.int64]],
    project: int,
    each: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the experts (rising) and the affinities of one project's listed pairs."""
    own = np.flatnonzero(asked[project])
    seats = 3 * each // (4 * len(own))
    found = [draws.below(OTHERS, len(able), np.arange(each) + project * each)]
    for topic in own:
        places = np.arange(seats) + (project * len(members) + topic) * each
        found.append(members[topic][draws.below(BIDS, len(members[topic]), places)])
    experts = np.unique(np.concatenate(found))
    cosine = cosines(able[experts], asked[project : project + 1])[:, 0]
    value = matched(draws, cosine, experts, np.full(len(experts), project), len(asked))
    best = np.sort(np.argsort(-value, kind="stable")[:each])
    return experts[best], value[best]


def organisations(draws: Draws, experts: int, projects: int, number: int, declared: int) -> NDArray[np.bool_]:
    """Conflicts: expert and project of one organisation, and one pair in ``declared`` beside."""
    employer = draws.below(BOSS, number, np.arange(experts))
    owner = draws.below(BOSS, number, np.arange(projects) + experts)
    stated = draws.below(DECLARED, declared, np.arange(experts * projects).reshape(experts, projects)) == 0
    return (employer[:, None] == owner[None, :]) | stated


def loads(
    draws: Draws, experts: int, demand: NDArray[np.int64], slack: int, least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return least and greatest loads, spread by a third around the mean.

    Together ``slack`` % more places than wanted; ``least`` % of what is wanted is promised as minimum loads.
    """
    wanted = int(demand.sum())
    uneven = 3 * 1000 + draws.between(LOADS, -1000, 1000, experts)
    most = _shared(wanted * (100 + slack) // 100, uneven)
    fewest = _shared(wanted * least // 100, uneven) if least else np.zeros(experts, np.int64)
    return np.minimum(fewest, most), most


def _shared(number: int, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return ``number`` in whole shares by ``weights``, the rest to the first."""
    share = number * weights // int(weights.sum())
    share[: number - int(share.sum())] += 1
    return share


def locked(draws: Draws, case: Case, number: int) -> Case:
    """Return the case with ``number`` of its eligible pairs locked, at most one a project and one an expert."""
    rows, columns, _ = case.eligible()
    order = np.argsort(draws.keys(LOCKS, rows * case.shape[1] + columns), kind="stable")
    experts: set[int] = set()
    projects: set[int] = set()
    pairs: list[tuple[int, int]] = []
    for expert, project in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if len(pairs) == number:
            break
        if expert not in experts and project not in projects:
            experts.add(expert)
            projects.add(project)
            pairs.append((expert, project))
    return replace(case, locked=np.array(sorted(pairs), np.int64).reshape(-1, 2))


def contest(
    name: str,
    draws: Draws,
    affinity: NDArray[np.float64] | sparse.csc_array,
    *,
    demand: int | NDArray[np.int64] = 3,
    slack: int = 20,
    least: int = 0,
    firms: int = 40,
    declared: int = 200,
) -> Case:
    """Put a case together: conflicts, demand and loads around the affinities. Sparse ones have no conflicts listed."""
    experts, projects = affinity.shape
    wanted = np.full(projects, demand, np.int64) if isinstance(demand, int) else demand
    barred = None if sparse.issparse(affinity) else organisations(draws, experts, projects, firms, declared)
    fewest, most = loads(draws, experts, wanted, slack, least)
    return Case(name, affinity, barred, wanted, fewest, most, no_pairs())
