using System.Runtime.CompilerServices;
using Google.Protobuf.Reflection;
using IsacTestbed.Rpc;
using IsacTestbed.Sidecar.Mapping;
using IsacTestbed.Wire.Reflection;
using Microsoft.AspNetCore.Routing;

namespace IsacTestbed.Sidecar.Standard;

/// <summary>grpc.reflection.v1: tells clients the services and messages of this server. Immutable and thread safe.</summary>
internal sealed class ReflectionService
{
    /// <summary>Full name of the service.</summary>
    public const string Service = "grpc.reflection.v1.ServerReflection";

    private readonly Dictionary<string, FileDescriptor> _files = [];
    private readonly Dictionary<string, FileDescriptor> _symbols = [];
    private readonly HashSet<string> _messages = [];
    private readonly string[] _services;

    /// <summary>Serves these files and all that they import.</summary>
    /// <param name="services">Full names of the services that the server has.</param>
    public ReflectionService(IReadOnlyCollection<string> services, params IEnumerable<FileDescriptor> files)
    {
        _services = [.. services.Order(StringComparer.Ordinal)];
        foreach (FileDescriptor file in files)
        {
            Add(file);
        }
    }

    public static RpcMethod<ServerReflectionRequest, ServerReflectionResponse> Method { get; } = new(
        Service,
        "ServerReflectionInfo",
        RpcMethodKind.Duplex,
        ProtobufMarshaller.Of<ServerReflectionRequest>(),
        ProtobufMarshaller.Of<ServerReflectionResponse>());

    /// <summary>Maps the method.</summary>
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapDuplex(Method, AnswerAsync);

    private async IAsyncEnumerable<ServerReflectionResponse> AnswerAsync(
        IAsyncEnumerable<ServerReflectionRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ServerReflectionRequest request in requests.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            ServerReflectionResponse response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            yield return response;
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) => request.MessageRequestCase switch
    {
        ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => File(_files, request.FileByFilename, "file"),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => File(_symbols, request.FileContainingSymbol, "symbol"),
        ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension =>
            Error(RpcStatusCode.NotFound, $"There is no extension of '{request.FileContainingExtension.ContainingType}'; none is used here."),
        ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType => Extensions(request.AllExtensionNumbersOfType),
        ServerReflectionRequest.MessageRequestOneofCase.ListServices => new ServerReflectionResponse
        {
            ListServicesResponse = new ListServiceResponse { Service = { _services.Select(s => new ServiceResponse { Name = s }) } },
        },
        _ => Error(RpcStatusCode.InvalidArgument, "The message asks for nothing."),
    };

    private static ServerReflectionResponse File(Dictionary<string, FileDescriptor> index, string name, string kind)
    {
        if (!index.TryGetValue(name.TrimStart('.'), out FileDescriptor? file))
        {
            return Error(RpcStatusCode.NotFound, $"There is no {kind} '{name}'.");
        }

        var files = new List<FileDescriptor>();
        Collect(file, files);
        return new ServerReflectionResponse
        {
            FileDescriptorResponse = new FileDescriptorResponse { FileDescriptorProto = { files.Select(f => f.SerializedData) } },
        };
    }

    private ServerReflectionResponse Extensions(string message) => _messages.Contains(message.TrimStart('.'))
        ? new ServerReflectionResponse { AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = message } }
        : Error(RpcStatusCode.NotFound, $"There is no message '{message}'.");

    private static ServerReflectionResponse Error(RpcStatusCode code, string message) =>
        new() { ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message } };

    // The file asked for first, then what it imports, each once.
    private static void Collect(FileDescriptor file, List<FileDescriptor> files)
    {
        if (!files.Contains(file))
        {
            files.Add(file);
            foreach (FileDescriptor import in file.Dependencies)
            {
                Collect(import, files);
            }
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (ServiceDescriptor service in file.Services)
        {
            _symbols[service.FullName] = file;
            foreach (MethodDescriptor method in service.Methods)
            {
                _symbols[method.FullName] = file;
            }
        }

        foreach (MessageDescriptor message in file.MessageTypes)
        {
            Add(message);
        }

        foreach (EnumDescriptor type in file.EnumTypes)
        {
            _symbols[type.FullName] = file;
        }

        foreach (FileDescriptor import in file.Dependencies)
        {
            Add(import);
        }
    }

    private void Add(MessageDescriptor message)
    {
        _messages.Add(message.FullName);
        _symbols[message.FullName] = message.File;
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
        {
            _symbols[field.FullName] = message.File;
        }

        foreach (MessageDescriptor nested in message.NestedTypes)
        {
            Add(nested);
        }

        foreach (EnumDescriptor type in message.EnumTypes)
        {
            _symbols[type.FullName] = message.File;
        }
    }
}
