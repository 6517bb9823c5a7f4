"""The reference networks in Brian2 (C++ standalone, one thread): how fast this machine is in this hour.

The limits of `femtospike bench all` were set beside Brian2's and GeNN's times of an idle machine. On a machine that is
slower now, both Brian2 and femtospike take longer; their ratio says what the wall clock cannot.

    python3 -m venv peers && peers/bin/pip install brian2 'numpy<2' setuptools
    peers/bin/python scripts/peers/networks_in_brian2.py cuba4k /tmp/cuba4k --seconds 4      # builds; prints the command that runs it

The built program writes seconds of wall clock of the measured part to results/last_run_info.txt.
"""

import argparse

import numpy
from brian2 import (
    Network,
    NeuronGroup,
    PoissonInput,
    Synapses,
    defaultclock,
    device,
    Hz,
    ms,
    mV,
    prefs,
    second,
    seed,
    set_device,
)

WARM_UP = 200 * ms


def cuba(neurons, indegree):
    """Vogels and Abbott's network of LIF neurons with exponential currents (Brette et al. 2007, benchmark 2)."""
    excitatory = neurons * 4 // 5
    equations = """
        dv/dt = (ge + gi - (v + 49*mV)) / (20*ms) : volt (unless refractory)
        dge/dt = -ge / (5*ms) : volt
        dgi/dt = -gi / (10*ms) : volt
    """
    population = NeuronGroup(
        neurons, equations, threshold="v > -50*mV", reset="v = -60*mV", refractory=5 * ms, method="exact"
    )
    population.v = "-60*mV + rand()*10*mV"
    scale = 80 / indegree
    for part, variable, weight in [
        (population[:excitatory], "ge", 1.62 * mV * scale),
        (population[excitatory:], "gi", -9 * mV * scale),
    ]:
        synapses = Synapses(
            part, population, on_pre=f"{variable} += w", delay=0.1 * ms, namespace={"w": weight}
        )
        synapses.connect(p=indegree / neurons)
        yield synapses
    yield population


def brunel():
    """Brunel 2000, 10,000 + 2,500 neurons with delta synapses, g = 5, η = 2."""
    excitatory, inhibitory, sources, jump = 10_000, 2_500, (1_000, 250), 0.1 * mV
    neurons = excitatory + inhibitory
    population = NeuronGroup(
        neurons,
        "dv/dt = -v / (20*ms) : volt (unless refractory)",
        threshold="v > 20*mV",
        reset="v = 0*mV",
        refractory=2 * ms,
        method="exact",
    )
    population.v = "rand()*20*mV"
    random = numpy.random.default_rng(1)
    for part, size, indegree, weight in [
        (population[:excitatory], excitatory, sources[0], jump),
        (population[excitatory:], inhibitory, sources[1], -5 * jump),
    ]:
        synapses = Synapses(part, population, on_pre="v += w", delay=1.5 * ms, namespace={"w": weight})
        synapses.connect(
            i=random.integers(size, size=neurons * indegree), j=numpy.repeat(numpy.arange(neurons), indegree)
        )
        yield synapses
    yield PoissonInput(population, "v", 1000, 20 * Hz, weight=jump)
    yield population


NETWORKS = {
    "cuba4k": lambda: cuba(4_000, 80),
    "cubaK80_40k": lambda: cuba(40_000, 80),
    "cuba40k": lambda: cuba(40_000, 1_000),
    "brunel": brunel,
}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build a reference network in Brian2.")
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("folder")
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    set_device("cpp_standalone", directory=options.folder, build_on_run=False)
    if options.float32:
        prefs.core.default_float_dtype = numpy.float32
    defaultclock.dt = 0.1 * ms
    seed(1)
    objects = list(NETWORKS[options.network]())
    network = Network(objects)
    network.run(WARM_UP)
    network.run(options.seconds * second)
    device.build(directory=options.folder, compile=True, run=False)
    print(f"cd {options.folder} && ./main && cat results/last_run_info.txt   # for {options.seconds} s")
