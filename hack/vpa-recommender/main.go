// The vertical pod autoscaler's own recommender, without a cluster around it: one JSON line of standard input is
// one container's history, one JSON line of standard output is what the recommender says at each time asked for.
//
// Samples, out-of-memory events and questions are events in one list, in the order in which the recommender hears
// of them. Everything between an event and an answer is the module's code: cluster state, aggregation by container
// name, estimators with the default configuration.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	vpa_types "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/logic"
	"k8s.io/autoscaler/vertical-pod-autoscaler/pkg/recommender/model"
)

// event is one of: a CPU sample, a memory sample, an out-of-memory kill with the request that was exceeded, another
// pod in the place of this one, a question. Times are milliseconds since the epoch, amounts millicores and bytes.
type event struct {
	At     int64  `json:"at"`
	Kind   string `json:"kind"`
	Amount int64  `json:"amount"`
}

// history is one workload with one pod at a time; only the first of its containers has samples.
type history struct {
	Containers int     `json:"containers"`
	Events     []event `json:"events"`
}

type amounts struct {
	CPU    int64 `json:"cpu"`
	Memory int64 `json:"memory"`
}

type answer struct {
	At     int64   `json:"at"`
	Target amounts `json:"target"`
	Lower  amounts `json:"lower"`
	Upper  amounts `json:"upper"`
}

// The flags' defaults: pkg/recommender/config/config.go, DefaultRecommenderConfig. Not taken from there, because that
// package brings half of client-go with it.
var defaults = logic.RecommendationConfig{
	SafetyMarginFraction:       0.15,
	PodMinCPUMillicores:        25,
	PodMinMemoryMb:             250,
	TargetCPUPercentile:        0.9,
	LowerBoundCPUPercentile:    0.5,
	UpperBoundCPUPercentile:    0.95,
	ConfidenceIntervalCPU:      24 * time.Hour,
	TargetMemoryPercentile:     0.9,
	LowerBoundMemoryPercentile: 0.5,
	UpperBoundMemoryPercentile: 0.95,
	ConfidenceIntervalMemory:   24 * time.Hour,
}

var (
	podID       = model.PodID{Namespace: "default", PodName: "web-0"}
	vpaID       = model.VpaID{Namespace: "default", VpaName: "web"}
	podLabels   = labels.Set{"app": "web"}
	containerID = containerNumber(0)
)

func containerNumber(n int) model.ContainerID {
	return model.ContainerID{PodID: podID, ContainerName: fmt.Sprintf("container-%d", n)}
}

func newCluster(containers int) (model.ClusterState, error) {
	cluster := model.NewClusterState(time.Hour)
	vpa := vpa_types.VerticalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Namespace: vpaID.Namespace, Name: vpaID.VpaName},
	}
	if err := cluster.AddOrUpdateVpa(&vpa, labels.SelectorFromSet(podLabels)); err != nil {
		return nil, err
	}
	return cluster, startPod(cluster, containers)
}

// startPod lets a pod take the place of the one that there was.
func startPod(cluster model.ClusterState, containers int) error {
	cluster.DeletePod(podID)
	cluster.AddOrUpdatePod(podID, podLabels, corev1.PodRunning)
	for n := range containers {
		if err := cluster.AddOrUpdateContainer(containerNumber(n), nil); err != nil {
			return err
		}
	}
	return nil
}

func replay(given history) ([]answer, error) {
	if given.Containers < 1 {
		return nil, fmt.Errorf("containers must be at least 1, found %d", given.Containers)
	}
	cluster, err := newCluster(given.Containers)
	if err != nil {
		return nil, err
	}
	recommender := logic.CreatePodResourceRecommender(defaults)
	answers := []answer{}
	for _, event := range given.Events {
		switch event.Kind {
		case "cpu":
			addSample(cluster, event, model.ResourceCPU)
		case "memory":
			addSample(cluster, event, model.ResourceMemory)
		case "oom":
			// An event that is too old is refused with an error, which the recommender logs and forgets.
			_ = cluster.RecordOOM(containerID, time.UnixMilli(event.At), model.ResourceAmount(event.Amount))
		case "replace":
			if err := startPod(cluster, given.Containers); err != nil {
				return nil, err
			}
		case "ask":
			answers = append(answers, ask(cluster, recommender, event.At))
		default:
			return nil, fmt.Errorf("kind must be cpu, memory, oom, replace or ask, found %q", event.Kind)
		}
	}
	return answers, nil
}

// addSample ignores the error of a sample that is refused because it is out of order, as the feeder does.
func addSample(cluster model.ClusterState, event event, resource model.ResourceName) {
	_ = cluster.AddSample(&model.ContainerUsageSampleWithKey{
		ContainerUsageSample: model.ContainerUsageSample{
			MeasureStart: time.UnixMilli(event.At),
			Usage:        model.ResourceAmount(event.Amount),
			Resource:     resource,
		},
		Container: containerID,
	})
}

func ask(cluster model.ClusterState, recommender logic.PodResourceRecommender, at int64) answer {
	states := cluster.VPAs()[vpaID].AggregateStateByContainerName()
	recommended := recommender.GetRecommendedPodResources(states)[containerID.ContainerName]
	return answer{
		At:     at,
		Target: amountsOf(recommended.Target),
		Lower:  amountsOf(recommended.LowerBound),
		Upper:  amountsOf(recommended.UpperBound),
	}
}

func amountsOf(resources model.Resources) amounts {
	return amounts{CPU: int64(resources[model.ResourceCPU]), Memory: int64(resources[model.ResourceMemory])}
}

func run(input io.Reader, output io.Writer) error {
	decoder := json.NewDecoder(bufio.NewReader(input))
	decoder.DisallowUnknownFields()
	encoder := json.NewEncoder(output)
	for {
		var given history
		if err := decoder.Decode(&given); err == io.EOF {
			return nil
		} else if err != nil {
			return fmt.Errorf("standard input must be one JSON history a line: %w", err)
		}
		answers, err := replay(given)
		if err != nil {
			return err
		}
		if err := encoder.Encode(answers); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "vpa-recommender:", err)
		os.Exit(1)
	}
}
