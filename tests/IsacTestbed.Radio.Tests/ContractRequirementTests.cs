using IsacTestbed.RadioContract;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace IsacTestbed.Radio.Tests;

/// <summary>
/// The contract is skipped, not failed, where a radio's libraries are missing. xunit lists and runs the private classes below when it is
/// told to; a runner, which takes public classes only, never sees them.
/// </summary>
public sealed class ContractRequirementTests
{
    private const string Reason = "libnowhere is not installed; on Debian: apt install libnowhere.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Contract_RequirementMissing_EveryCaseIsSkippedWithTheReason(bool rowByRow)
    {
        IReadOnlyList<IXunitTestCase> cases = await ListAsync(typeof(OnMissingLibrary), rowByRow);
        Assert.All(cases, c => Assert.Equal(Reason, c.SkipReason));
        Assert.Equal(Titles(await ListAsync(typeof(OnNothing), rowByRow)), Titles(cases));
    }

    [Theory]
    [InlineData(typeof(OnNothing))]
    [InlineData(typeof(OnPresentLibrary))]
    public async Task Contract_RequirementNoneOrMet_NoCaseIsSkipped(Type contract)
    {
        IReadOnlyList<IXunitTestCase> cases = await ListAsync(contract, rowByRow: true);
        Assert.All(cases, c => Assert.Null(c.SkipReason));

        // The radio does not open, so a case that runs fails.
        RunSummary first = await RunAsync(cases[0]);
        Assert.Equal((1, 0, 1), (first.Total, first.Skipped, first.Failed));
    }

    [Fact]
    public async Task Contract_OneRequirementOfTwoMissing_IsSkippedForThatOne() =>
        Assert.All(await ListAsync(typeof(OnPresentAndMissingLibrary), rowByRow: true), c => Assert.Equal(Reason, c.SkipReason));

    [Fact]
    public async Task Contract_RequirementMissingAndSentToARunner_IsReportedAsSkipped()
    {
        foreach (IXunitTestCase listed in await ListAsync(typeof(OnMissingLibrary), rowByRow: true))
        {
            var received = SerializationHelper.Deserialize<IXunitTestCase>(SerializationHelper.Serialize(listed));
            Assert.Equal(listed.UniqueID, received.UniqueID);
            Assert.Equal(Reason, received.SkipReason);
            RunSummary summary = await RunAsync(received);
            Assert.Equal((1, 1, 0), (summary.Total, summary.Skipped, summary.Failed));
        }
    }

    /// <summary>Test cases of a class as xunit finds them: through the attributes on the methods.</summary>
    private static async Task<IReadOnlyList<IXunitTestCase>> ListAsync(Type contract, bool rowByRow)
    {
        using var framework = new XunitTestFramework(new NullMessageSink());
        using ITestFrameworkDiscoverer discoverer = framework.GetDiscoverer(Reflector.Wrap(contract.Assembly));
        var found = new FoundCases();
        var options = new Options { ["xunit.discovery.PreEnumerateTheories"] = rowByRow };
        discoverer.Find(contract.FullName, includeSourceInformation: false, found, options);
        IReadOnlyList<IXunitTestCase> cases = await found.Completed;
        Assert.NotEmpty(cases);
        return cases;
    }

    private static async Task<RunSummary> RunAsync(IXunitTestCase testCase)
    {
        using var bus = new MessageBus(new NullMessageSink());
        using var cancellation = new CancellationTokenSource();
        return await testCase.RunAsync(new NullMessageSink(), bus, [], new ExceptionAggregator(), cancellation);
    }

    /// <summary>Display names without the class.</summary>
    private static IEnumerable<string> Titles(IEnumerable<IXunitTestCase> cases) =>
        cases.Select(c => c.DisplayName[c.TestMethod.TestClass.Class.Name.Length..]).Order(StringComparer.Ordinal);

    private class OnNothing : RadioContractTests
    {
        protected override ValueTask<RadioUnderTest> OpenAsync() => throw new InvalidOperationException("There is no radio here.");
    }

    [Library(null)]
    private sealed class OnPresentLibrary : OnNothing;

    [Library(Reason)]
    private sealed class OnMissingLibrary : OnNothing;

    [Library(null)]
    [Library(Reason)]
    private sealed class OnPresentAndMissingLibrary : OnNothing;

    private sealed class LibraryAttribute(string? missing) : RadioRequirementAttribute
    {
        public override string? Missing => missing;
    }

    private sealed class Options : Dictionary<string, object>, ITestFrameworkDiscoveryOptions
    {
        public TValue GetValue<TValue>(string name) => TryGetValue(name, out object? value) ? (TValue)value : default!;

        public void SetValue<TValue>(string name, TValue value) => this[name] = value!;
    }

    private sealed class FoundCases : LongLivedMarshalByRefObject, IMessageSink
    {
        private readonly List<IXunitTestCase> _cases = [];
        private readonly TaskCompletionSource<IReadOnlyList<IXunitTestCase>> _completed =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<IXunitTestCase>> Completed => _completed.Task;

        public bool OnMessage(IMessageSinkMessage message)
        {
            if (message is ITestCaseDiscoveryMessage { TestCase: IXunitTestCase found })
            {
                _cases.Add(found);
            }
            else if (message is IDiscoveryCompleteMessage)
            {
                _completed.TrySetResult(_cases);
            }

            return true;
        }
    }
}
