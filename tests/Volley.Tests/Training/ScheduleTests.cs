using Volley.Training;

namespace Volley.Tests.Training;

public sealed class ScheduleTests
{
    private static double At(Schedule schedule, long step, int stepsPerEpoch, int epochs) => schedule.Factor(new Progress(step, stepsPerEpoch, epochs));

    [Fact]
    public void Constant() => Assert.Equal(1, At(new ConstantSchedule(), 123, 10, 20));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(29, 1)]
    [InlineData(30, 0.1)]
    [InlineData(59, 0.1)]
    [InlineData(60, 0.01)]
    [InlineData(90, 0.001)]
    [InlineData(99, 0.001)]
    public void StepsAreAtFractionsOfTheRun(int epoch, double factor)
    {
        Assert.Equal(factor, At(new StepSchedule(0.3, 0.1), epoch * 7L, 7, 100), 1e-12);
        Assert.Equal(factor, At(new StepSchedule(0.3, 0.1), epoch * 7L + 6, 7, 100), 1e-12);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(250, 0.85355339)]
    [InlineData(500, 0.5)]
    [InlineData(750, 0.14644661)]
    [InlineData(1000, 0)]
    public void CosineByStep(long step, double factor)
    {
        Assert.Equal(factor, At(new CosineSchedule(), step, 10, 100), 1e-8);
        Assert.Equal(0.2 + 0.8 * factor, At(new CosineSchedule(0.2), step, 10, 100), 1e-8);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(9, 1)]
    [InlineData(500, 0.5)]
    [InlineData(509, 0.5)]
    [InlineData(990, 0.00024672)]
    public void CosineByEpochStandsStillWithinOne(long step, double factor) => Assert.Equal(factor, At(new CosineSchedule(PerEpoch: true), step, 10, 100), 1e-8);

    // seeds.md 2.2: 150 epochs of DCLS-Delays, maximum 5e-3.
    [Theory]
    [InlineData(0, 2e-4, 0.95)]
    [InlineData(22, 2.6e-3, 0.9)]
    [InlineData(44, 5e-3, 0.85)]
    [InlineData(149, 2e-8, 0.95)]
    public void OneCycleByEpoch(int epoch, double rate, double momentum)
    {
        var schedule = new OneCycleSchedule(PerEpoch: true);
        foreach (int inside in (int[])[0, 31])
        {
            var progress = new Progress(epoch * 32L + inside, 32, 150);
            Assert.Equal(rate, 5e-3 * schedule.Factor(progress), 1e-6 * rate);
            Assert.Equal(momentum, schedule.Momentum(progress)!.Value, 1e-9);
        }
        Assert.Null((schedule with { CycleMomentum = false }).Momentum(new Progress(0, 32, 150)));
    }

    // PyTorch 1.13, OneCycleLR(max_lr=1, total_steps=10): initial 0.04, peak at .3·10 − 1 = 2, final 4e-6.
    [Fact]
    public void OneCycleByStep()
    {
        double[] factors = [.. Enumerable.Range(0, 10).Select(step => At(new OneCycleSchedule(), step, 5, 2))];
        Assert.Equal(0.04, factors[0], 1e-12);
        Assert.Equal(0.52, factors[1], 1e-12);
        Assert.Equal(1, factors[2], 1e-12);
        Assert.Equal(4e-6, factors[9], 1e-12);
        Assert.Equal(factors.Skip(2).OrderDescending(), factors.Skip(2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void OneCycleOfAlmostNoStepsIsFiniteAndPositive(int steps) =>
        Assert.All(Enumerable.Range(0, steps + 1), step => Assert.InRange(At(new OneCycleSchedule(), step, steps, 1), 1e-6, 1));

    // seeds.md 3.8, check 12: 80,000 steps, 1,000 of warm-up.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0.5)]
    [InlineData(1000, 1)]
    [InlineData(40_500, 0.5)]
    [InlineData(80_000, 0)]
    public void WarmUpThenCosine(long step, double factor) => Assert.Equal(factor, At(new WarmupCosineSchedule(1000 / 80_000.0), step, 2000, 40), 1e-9);

    [Fact]
    public void NoWarmUpIsACosine()
    {
        for (int step = 0; step <= 100; step += 10)
            Assert.Equal(At(new CosineSchedule(0.1), step, 10, 10), At(new WarmupCosineSchedule(0, 0.1), step, 10, 10), 1e-12);
    }

    // ReduceLROnPlateau(max, factor .7, patience 1) of sparch.
    [Fact]
    public void APlateauIsMoreBadEpochsThanPatience()
    {
        var schedule = new PlateauSchedule(0.7, 1);
        PlateauState state = PlateauState.Start;
        double[] accuracies = [0.5, 0.5, 0.6, 0.6, 0.55, 0.6, 0.59, 0.7, 0.1, 0.1];
        var factors = new List<double>();
        foreach (double accuracy in accuracies)
        {
            state = schedule.Observe(state, accuracy);
            factors.Add(Math.Round(state.Factor, 9));
        }
        Assert.Equal([1, 1, 1, 1, 0.7, 0.7, 0.49, 0.49, 0.49, 0.343], factors);
        for (int i = 0; i < 100; i++)
            state = schedule.Observe(state, 0);
        Assert.Equal(1e-6, state.Factor);
        Assert.Equal(1, schedule.Factor(new Progress(5, 1, 10)));
    }

    [Fact]
    public void AnotherNumberOfEpochsRescales()
    {
        foreach (Schedule schedule in (Schedule[])[new CosineSchedule(), new WarmupCosineSchedule(0.1), new StepSchedule(0.25, 0.5)])
            Assert.Equal(At(schedule, 30, 10, 10), At(schedule, 120, 10, 40), 1e-12);
    }
}
