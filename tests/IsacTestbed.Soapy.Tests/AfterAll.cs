using Xunit.Abstractions;

[assembly: TestCollectionOrderer("IsacTestbed.Soapy.Tests.AfterAllOrderer", "IsacTestbed.Soapy.Tests")]

namespace IsacTestbed.Soapy.Tests;

/// <summary>
/// Tests in which a device is given up. A thread stays in the driver then, and the library leaves the sockets of later radios of the same process open, as
/// long as it lives: so they run behind the tests that count such things.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AfterAll
{
    public const string Name = "after all others";
}

/// <summary>Puts <see cref="AfterAll"/> last.</summary>
public sealed class AfterAllOrderer : ITestCollectionOrderer
{
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(c => c.DisplayName == AfterAll.Name);
}
